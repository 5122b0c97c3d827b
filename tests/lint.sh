#!/bin/sh
#
# lint.sh: what compilers do not say. Each tool that is not installed is
# skipped, and said to be. LINT_FLAGS: the compiler's flags, for clang-tidy.

cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0 skipped=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

lint() {	# lint TOOL COMMAND: passes when the command does
	if ! command -v "$1" >/dev/null; then
		echo "skipped - $1: not installed (make deps-ci)"
		skipped=$((skipped + 1))
	elif eval "$2" >"$out" 2>&1; then
		echo "ok - $1"
		passed=$((passed + 1))
	else
		echo "not ok - $1:"
		sed 's/^/    /' "$out" | head -n 60
		failed=$((failed + 1))
	fi
}

lint clang-format 'tests/format.py src/*.[ch] src/crypto/*.[ch] tests/unit/*.[ch]'
lint clang-tidy 'echo src/*.c src/crypto/*.c | xargs -P "$(nproc)" -n 4 sh -c \
    "clang-tidy --quiet \"\$@\" -- -include tests/lint.h $LINT_FLAGS 2>/dev/null" sh'
lint cppcheck 'cppcheck -q --std=c11 --enable=warning,performance,portability \
    --inline-suppr --suppress=missingIncludeSystem --suppress=varFuncNullUB \
    --suppress=legacyUninitvar --suppress=ctunullpointer --suppress=ctuuninitvar \
    "-Djson_array_foreach(a,b,c)=for((b)=0,(c)=0;(c);)" \
    "-Djson_object_foreach(a,b,c)=for((b)=0,(c)=0;(c);)" \
    --error-exitcode=1 -Isrc src'
lint luacheck 'luacheck -q --no-color plugins lua'
lint mandoc 'mandoc -T lint -W warning doc/*.[1-8]'

echo "$passed passed, $failed failed$([ $skipped -eq 0 ] || echo ", $skipped skipped")"
[ $failed -eq 0 ]
