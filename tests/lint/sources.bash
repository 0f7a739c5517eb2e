# sources.bash - which files are the project's own, by kind; for the checks, in the top folder

folders=(base spec runtime bundles tests)

c_files() { find "${folders[@]}" -name '*.[ch]' | sort; }

script_files() {
	echo bootstrap
	find .ci tests -type f ! -name '*.[ch]' -exec grep -lE '^#!.*(sh|bats)$' {} +
	find bundles runtime tests -name '*.bash' ! -path '*/completion/*'
}

make_files() {
	echo Makefile.am
	echo configure.ac
	find m4 "${folders[@]}" man plugins -name '*.m4' -o -name '*.mk'
}

# need_tool NAME: a check that cannot be made is skipped.
need_tool() {
	command -v "$1" >/dev/null || {
		echo "$1 is not installed"
		exit 77
	}
}

# report COMMAND...: runs it; its output is what is wrong.
report() {
	local output
	output=$("$@")
	[[ -z $output ]] || {
		echo "$output"
		exit 1
	}
}
