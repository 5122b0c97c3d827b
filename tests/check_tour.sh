#!/bin/sh
#
# check_tour.sh: the tour of the tree in README.md is the tree: what it names
# is there, and every source file is in it.

cd "$(dirname "$0")/.." || exit 1
status=0

report() {	# report STATUS NAME WHY
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2: $3"
		status=1
	fi
}

# The first words of the fenced block after the heading.
tour=$(awk '/^## A tour/ { here = 1 } here && /^```/ { if (inside) exit; inside = 1; next }
	inside && NF { print $1 }' README.md)
[ -n "$tour" ]
report $? "README.md has a tour" "no fenced block after '## A tour'"

gone=
for name in $tour; do
	# plugins/<CODE>.lua stands for any code; the pattern is expanded on purpose.
	pattern=$(echo "$name" | sed 's/<[^>]*>/*/g')
	# shellcheck disable=SC2086
	set -- $pattern
	[ -e "$1" ] || gone="$gone $name"
done
[ -z "$gone" ]
report $? "what the tour names is in the tree" "not there:$gone"

missing=
for file in src/*.[ch] src/crypto/*.[ch] tools/* tests/*.* lua/*.lua doc/*; do
	[ -e "$file" ] || continue
	stem=${file%.[ch]}
	echo "$tour" | grep -qxF -e "$file" -e "$stem.[ch]" || missing="$missing $file"
done
[ -z "$missing" ]
report $? "what is in the tree is in the tour" "not in the tour:$missing"

exit $status
