"""For scripts that show what strict does: it does not run as root, so these scripts do not either.

    import unprivileged
    unprivileged.become()       # before anything else

As root, the binary and the plug-ins are copied to a folder of nobody's, and this process becomes nobody. Otherwise
it stays who it is, with a folder all the same: its path is returned, and it is gone when the script ends.
"""
import atexit
import encodings.ascii
import encodings.idna       # now: nobody may not be able to read where this Python lies
import os
import pwd
import shutil
import tempfile

import harness as h

USER = "nobody"


def become(*codes):
    """Become nobody. With codes: serve these commands alone, since all are proved at each start."""
    # the driver's folder for temporary files is its user's alone
    root = os.geteuid() == 0
    top = tempfile.mkdtemp(prefix="luahsm-test-", dir="/tmp" if root else None)
    binary, plugins = os.path.join(top, "luahsm"), os.path.join(top, "plugins")
    shutil.copy(h.LUAHSM, binary)
    os.mkdir(plugins)
    for name in ["%s.lua" % code for code in codes] or os.listdir(h.PLUGINS):
        shutil.copy(os.path.join(h.PLUGINS, name), plugins)
    if root:
        user = pwd.getpwnam(USER)
        for path, folders, files in os.walk(top):
            for name in [""] + folders + files:
                os.chown(os.path.join(path, name), user.pw_uid, user.pw_gid)
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    os.chdir(top)
    tempfile.tempdir = top
    os.environ["TMPDIR"] = h.ENVIRONMENT["TMPDIR"] = top
    os.umask(0o077)
    h.LUAHSM, h.PLUGINS = binary, plugins
    h.ENVIRONMENT["HOME"] = top
    atexit.register(shutil.rmtree, top, True)
    return top


def server(*args, settings=None, **more):
    """A strict server on loopback with the vault of env's data folder; its passphrase is in the file that args name."""
    settings = dict({"profile": "strict", "address": "127.0.0.1"}, **(settings or {}))
    return h.Server(*args, settings=settings, plugins=more.pop("plugins", h.PLUGINS), **more)
