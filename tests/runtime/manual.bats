#!/usr/bin/env bats
# manual.bats - the manual pages and the completion have every command and option of --help

load helpers

setup_file() {
	SOURCES=${TEST_SOURCES-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
	export SOURCES
}

# commands: those of --help.
commands() { "$GOCKER" --help | awk '/^Options:/ { exit } /^  / { print $1 }'; }

# options [COMMAND]: those of its --help, long ones.
options() {
	"$GOCKER" "$@" --help | grep -oE -- '^ +(-., )? *--[a-z0-9-]+' |
		grep -oE -- '--[a-z0-9-]+'
}

# page_has_options PAGE [COMMAND]: each option of the command has its entry in the page.
page_has_options() {
	local page=$SOURCES/man/$1 option
	shift
	for option in $(options "$@"); do
		grep -qE "^\.It Fl (. , )?-${option#--}( |$)" "$page" ||
			fail "$page does not have $option"
	done
}

# complete_words WORD...: what bash completes the last word to, sorted, in one line.
complete_words() {
	bash -c '
		. "$SOURCES/runtime/completion/gocker.bash"
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_gocker
		printf "%s\n" "${COMPREPLY[@]}" | sort | paste -sd " "' bash "$GOCKER" "$@"
}

# assert_completes EXPECTED WORD...
assert_completes() {
	local expected=$1 words
	shift
	words=$(complete_words "$@")
	[[ $words == "$expected" ]] || fail "$*: completes to \"$words\", not \"$expected\""
}

@test "every command has a page that is listed in gocker.8" {
	local command
	[[ $(commands | wc -l) -ge 11 ]]
	for command in $(commands); do
		[[ -e $SOURCES/man/gocker-$command.8 ]] || fail "no page for $command"
		grep -q "^\.Xr gocker-$command 8" "$SOURCES/man/gocker.8" ||
			fail "$command in gocker.8"
		grep -q "man/gocker-$command.8" "$SOURCES/man/local.mk" ||
			fail "$command in local.mk"
	done
}

@test "every option is in the page of its command" {
	local command
	page_has_options gocker.8
	for command in $(commands); do
		page_has_options "gocker-$command.8" "$command"
	done
}

@test "no page has an option that its command does not have" {
	local command option
	for command in $(commands); do
		while read -r option; do
			grep -qxF -e "$option" <(options "$command") ||
				fail "$command has no $option"
		done < <(sed -nE 's/^\.It Fl (. , )?(-[a-z0-9-]+).*/-\2/p' \
			"$SOURCES/man/gocker-$command.8")
	done
}

@test "the completion knows every command and option" {
	local command
	assert_completes "$({ commands && echo help; } | sort | paste -sd ' ')" ""
	assert_completes "$({ options && echo --help; } | sort | paste -sd ' ')" "--"
	for command in $(commands); do
		assert_completes "$({ options "$command"; echo --help; } | sort | paste -sd ' ')" \
			"$command" "--"
	done
}

@test "the completion knows ids, signals, formats and files" {
	local dir=$BATS_TEST_TMPDIR/dir
	create_container
	assert_completes "$ID" --root "$TEST_ROOT" state ""
	assert_completes "$ID" --root = "$TEST_ROOT" --debug kill --all ""
	assert_completes "" --root "$TEST_ROOT" create ""
	assert_completes "$ID" --root "$TEST_ROOT" top another ""
	assert_completes "memory" top -s m
	assert_completes "" --root "$TEST_ROOT" exec "$ID" --
	assert_completes "ls prune rm" network ""
	assert_completes "add remove" mounts ""
	assert_completes "$ID" --root "$TEST_ROOT" mounts add ""
	assert_completes "SIGKILL" kill "$ID" SIGKI
	assert_completes "json table" list -f ""
	assert_completes "json" list --format = j
	assert_completes "json text" --log-format = =
	assert_completes "CAP_CHOWN" exec --cap CAP_CHO
	mkdir "$dir"
	touch "$dir/file"
	mkdir "$dir/folder"
	assert_completes "$dir/folder" create --bundle "$dir/f"
	assert_completes "$dir/file $dir/folder" mounts add "$ID" "$dir/f"
	assert_completes "$dir/file $dir/folder" create --config "$dir/f"
}
