#!/bin/sh
#
# check_commands.sh: doc/commands.md says what the plug-ins say, each of them has
# a vector that succeeds and one that is refused, and what is said to be missing is.

cd "$(dirname "$0")/.." || exit 1
build=${LUAHSM_BUILD:-build}
status=0

report() {	# report STATUS NAME WHY
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2: $3"
		status=1
	fi
}

# What stands in the first column of the not served and of the disabled.
codes() {	# codes HEADING-PATTERN
	awk -v start="$1" '/^#|^These answer/ { here = $0 ~ start }
		here && /^\| [A-Z]/ && !/^\| Code/ { split($0, part, "|"); print part[2] }' \
		doc/commands.md | tr -d ' ' | tr ',' '\n' | sort
}

table=$("$build/luahsm" plugin table plugins 2>&1)
report $? "each plug-in has vectors that succeed, and others, and all hold" \
    "$(echo "$table" | grep -v '^|' | head -n 3 | tr '\n' ' ')"
table=$(echo "$table" | grep '^|')

written=$(sed -n '/^<!-- served/,/^<!-- end/p' doc/commands.md | grep '^|')
[ -n "$table" ] && [ "$table" = "$written" ]
report $? "doc/commands.md is up to date" "run \`make commands\` and commit what it changes"

words=$(echo "$table" | sed 1,2d | awk -F ' *[|] *' '{
	n = split($6, word, ", *")
	if (n == 0) print $2 " says nothing"
	for (i = 1; i <= n; i++)
		if (word[i] !~ /^(manual|captures|clients|simulators|vectors|standard|inferred|recalled|project|low)$/)
			print $2 " says " word[i]
	}')
[ -z "$words" ]
report $? "each plug-in names its sources, in the words of doc/commands.md" \
    "$(echo "$words" | head -n 5 | tr '\n' ';') as in: sources = \"manual, vectors\""

served=$(for code in $(codes '^## Not') $(codes '^These'); do
	[ ! -e "plugins/$code.lua" ] || echo "$code"
done)
[ -n "$(codes '^## Not')" ] && [ -z "$served" ]
report $? "what is not served has no plug-in" "$served"

off=$(sed -n 's/^	    "\([A-Z0-9 ]*\)", "[A-Z0-9 ]*", "codes answered with 68".*/\1/p' src/config_table.c |
	tr ' ' '\n' | sort)
[ -n "$off" ] && [ "$off" = "$(codes '^These')" ]
report $? "what is disabled is told" "the default of commands.disabled is another list"

exit $status
