#!/bin/sh
#
# check_manual.sh: the manual pages have what the sources have: luahsm(8) every
# command, luahsm.conf(5) every setting, luahsm-plugin(7) every primitive.

cd "$(dirname "$0")/.." || exit 1
status=0

compare() {	# compare NAME SOURCES MANUAL
	if [ -z "$2" ]; then
		echo "not ok - $1: none found in the sources"
		status=1
	elif [ "$2" = "$3" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1: differs in" $(printf '%s\n%s\n' "$2" "$3" | sort | uniq -u)
		status=1
	fi
}

compare "luahsm.conf(5) has every setting" \
    "$(sed -n 's/^	{ "\([a-zA-Z0-9_.]*\)", SETTING_.*/\1/p' src/config_table.c | sort)" \
    "$(sed -n 's/^\.It Ic //p' doc/luahsm.conf.5 | sort)"

# { "kcv", l_kcv } in lua_key_functions is key.kcv; those of the subjects hsm, data
# and hash have no prefix.
compare "luahsm-plugin(7) has every primitive" \
    "$(awk '/^const luaL_Reg lua_[a-z0-9]*_functions/ {
		split($3, part, "_")
		prefix = part[2] ~ /^(hsm|data|hash)$/ ? "" : part[2] "."
		here = part[2] !~ /^(base|table|math|string)$/
	}
	/^}/ { here = 0 }
	here && /^	\{ "/ { split($0, part, "\""); print prefix part[2] }' src/lua_*.c | sort)" \
    "$(sed -n 's/^\.It Fn \([a-z0-9_.]*\).*/\1/p' doc/luahsm-plugin.7 | sort)"

# { "send", cli_send, "..." } in cli_commands; those without a text are internal.
missing=
for command in $(sed -n 's/^	{ "\([a-z]*\)", *cli_[a-z]*, *".*/\1/p' src/cli.c); do
	grep -Eq "^\.(Cm|It Cm) (.*[ |])?$command( |$)" doc/luahsm.8 || missing="$missing $command"
done
compare "luahsm(8) has every command" "none missing" "none missing$missing"

exit $status
