#!/bin/bash
# run.sh - holds the sources to the rules of the house: one test per file in checks/, as TAP
#
# A check prints what is wrong, as file:line: text, and fails; with status 77 it says why it was
# skipped. Run by "make lint"; by hand: tests/lint/run.sh [CHECK...]
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/../.." || exit 1

if (($#)); then
	checks=("${@/#/tests/lint/checks/}")
else
	checks=(tests/lint/checks/*)
fi

number=0 failed=0
echo "1..${#checks[@]}"
for check in "${checks[@]}"; do
	number=$((number + 1))
	about=$(sed -n '2s/^# //p' "$check")
	output=$(bash "$check" 2>&1)
	case $? in
	0) echo "ok $number - $about" ;;
	77) echo "ok $number - $about # SKIP $output" ;;
	*)
		echo "not ok $number - $about"
		echo "${output//$'\n'/$'\n'# }" | sed '1s/^/# /'
		failed=1
		;;
	esac
done
exit "$failed"
