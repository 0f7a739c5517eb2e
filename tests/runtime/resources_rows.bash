# resources_rows.bash - looks at what resources_table.sh has read back for the rows of its table

# set_rows: the rows are set, in containers that $GOCKER makes; in setup_file.
set_rows() {
	need_root
	chmod 711 "$BATS_RUN_TMPDIR"{,/file} "$BATS_FILE_TMPDIR"
	"$BATS_TEST_DIRNAME/../runtime/resources_table.sh" "$BATS_FILE_TMPDIR"
}

# has_line FILE EXPECTED: a line of it is this; nothing: it is empty.
has_line() {
	local expected
	expected=$(<"$2")
	if [[ -z $expected ]]; then
		[[ -z $(<"$1") ]]
	else
		sed 's/[[:space:]]\+/ /g; s/ $//' "$1" | grep -qxe "$expected"
	fi
}

# row_is_right FOLDER: else it says why not.
row_is_right() {
	local when
	for when in create update; do
		has_line "$1/$when" "$1/$when.expected" || {
			echo "${1##*/}: after $when: expected \"$(<"$1/$when.expected")\" in" \
				"$(<"$1/file"):" "$(<"$1/$when")"
			return 1
		}
	done
}
