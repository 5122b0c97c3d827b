#!/bin/sh
#
# check_text.sh: what holds for every text of the tree: sizes, characters,
# nothing left unfinished, nothing of one machine.

cd "$(dirname "$0")/.." || exit 1
status=0

files() {	# the files of the tree, those not added yet included
	if [ -e .git ] && command -v git >/dev/null; then
		git ls-files -co --exclude-standard
	else
		find . -name build -prune -o -type f -print | sed 's|^\./||'
	fi | while read -r file; do
		[ -f "$file" ] && echo "$file"
	done
}

report() {	# report NAME LINES: fine when there are no lines
	if [ -z "$2" ]; then
		echo "ok - $1"
		return
	fi
	echo "not ok - $1: $(echo "$2" | head -n 5 | tr '\n' ' ')"
	status=1
}

all=$(files)
code=$(echo "$all" | grep -E '\.(c|h|lua)$')
c=$(echo "$all" | grep -E '^(src|tools)/.*\.c$')

# About 400 lines hold one idea; a test's table of rows may be longer.
report "no source file has more than 430 lines, no test more than 600" \
    "$(echo "$code" | xargs -r wc -l |
	awk '$2 != "total" && $1 > ($2 ~ /^tests/ ? 600 : 430) { print $2 " " $1 }')"

report "no function has more than 60 lines" \
    "$(echo "$c" | xargs -r awk 'FNR == 1 { open = 0 } /^\{/ { open = FNR }
	/^\}/ { if (open && FNR - open > 60) print FILENAME ":" open; open = 0 }')"

report "no line of code is wider than 100 columns, no row of a test than 120" \
    "$(echo "$code" | xargs -r awk '{
	while (at = index($0, "\t"))
		$0 = substr($0, 1, at - 1) substr("        ", (at - 1) % 8 + 1) substr($0, at + 1)
	if (length > (FILENAME ~ /^tests/ ? 120 : 100)) print FILENAME ":" FNR }')"

# The brackets keep these patterns from finding themselves.
report "nothing is left unfinished" \
    "$(echo "$all" | xargs -r grep -nIE '[T]ODO|[F]IXME|(^|[^X])[X]XX([^X]|$)|not implemented [y]et' |
	cut -c1-100)"

report "no path of one machine" \
    "$(echo "$all" | xargs -r grep -nIE '(^|[^.A-Za-z0-9_$}])/([h]ome|[r]oot|[w]ork)/' | cut -c1-100)"

report "plain ASCII" \
    "$(echo "$all" | LC_ALL=C xargs -r grep -nI '[^[:print:][:space:]]' | cut -c1-100)"

report "no blanks at the end of a line" \
    "$(echo "$all" | xargs -r grep -nIE '[[:blank:]]+$' | cut -c1-100)"

exit $status
