#!/bin/sh
#
# deps.sh: install the named Debian packages that are missing; do nothing,
# fast and without a network, when all of them are there.

set -u

have=" $(dpkg-query -W -f '${Package}:${db:Status-Status} ' "$@" 2>/dev/null) "
missing=
for package in "$@"; do
	case $have in
	*" $package:installed "*) ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	echo "deps: no apt-get here; install what corresponds to these, then run \`make\` and \`make check\`:$missing" >&2
	exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "deps: neither root nor sudo; have root run: apt-get install$missing" >&2
		exit 1
	fi
	as_root=sudo
fi

echo "deps: installing$missing" >&2
# A source that cannot be reached does not matter if the others have the packages.
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || true
# The list is split on purpose.
# shellcheck disable=SC2086
if ! $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $missing >&2; then
	echo "deps: apt-get could not install$missing" >&2
	exit 1
fi
