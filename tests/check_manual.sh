#!/bin/sh
#
# check_manual.sh: luahsm.conf(5) has the settings of src/config_table.c and
# no others.

cd "$(dirname "$0")/.." || exit 1

settings=$(sed -n 's/^	{ "\([a-zA-Z0-9_.]*\)", SETTING_.*/\1/p' src/config_table.c | sort)
documented=$(sed -n 's/^\.It Ic //p' doc/luahsm.conf.5 | sort)
[ -n "$settings" ] || { echo "not ok - the settings can be read: none found"; exit 1; }

if [ "$settings" = "$documented" ]; then
	echo "ok - luahsm.conf(5) has every setting"
else
	echo "not ok - luahsm.conf(5) has every setting: differs in" \
	    $(printf '%s\n%s\n' "$settings" "$documented" | sort | uniq -u)
	exit 1
fi
