# helpers.bash - what the tests of gocker-bundle share: an archive, a mirror, what must be left
#
# A file of tests says "load helpers". Then each test starts in an empty folder $WORK with
#
#	$ARCHIVE, $SUM   Alpine's minirootfs or one like it, and its SHA-512
#	$XDG_CACHE_HOME  a cache of its own, not made yet
#	bundle           the program under test

load ../runtime/helpers

# GOCKER_WRAPPER: a command that it is run by, as "valgrind -q".
# shellcheck disable=SC2086 # the wrapper is several words
bundle() { ${GOCKER_WRAPPER-} "$GOCKER_BUNDLE" "$@"; }

# Where the genuine archive is not there, an equivalent of busybox has its name.
archive_prepare() {
	local genuine root=$BATS_FILE_TMPDIR/like
	RELEASE=3.20.3 ARCH=$(uname -m)
	ARCHIVE=$BATS_FILE_TMPDIR/alpine-minirootfs-$RELEASE-$ARCH.tar.gz
	if [[ ! -e $ARCHIVE ]]; then
		if genuine=$(alpine_archive) && [[ $genuine == *-"$RELEASE-$ARCH".tar.gz ]]; then
			cp "$genuine" "$ARCHIVE"
		else
			mkdir "$root"
			busybox_rootfs "$root"
			printf 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=%s\n' "$RELEASE" \
				>"$root/etc/os-release"
			tar -czf "$ARCHIVE" -C "$root" .
		fi
	fi
	SUM=$(sha512sum "$ARCHIVE" | cut -c1-128)
}

# yaml_row VERSION FLAVOR FILE SUM: as in Alpine's list.
yaml_row() {
	cat <<-END
		-
		  title: "Mini root filesystem"
		  desc: |
		    Minimal root filesystem.
		    For use in containers.
		  branch: v3.20
		  arch: $ARCH
		  version: $1
		  flavor: $2
		  file: $3
		  iso: $3
		  date: 2024-09-06
		  time: 11:38:03
		  size: $(stat -c %s "$ARCHIVE")
		  sha512: $4
	END
}

# mirror_files DIR: latest-stable and v3.20 with the archive as $RELEASE, and an older list entry.
mirror_files() {
	local wrong=${SUM//[0-9a-f]/0} branch dir name=alpine-minirootfs-$RELEASE-$ARCH.tar.gz
	for branch in latest-stable v3.20; do
		dir=$1/$branch/releases/$ARCH
		mkdir -p "$dir"
		ln "$ARCHIVE" "$dir/$name" 2>/dev/null || cp "$ARCHIVE" "$dir/$name"
		{
			echo ---
			yaml_row 3.20.3 alpine-standard standard.iso "$wrong"
			yaml_row 3.9.9 alpine-minirootfs old.tar.gz "$wrong"
			yaml_row "$RELEASE" alpine-minirootfs "$name" "$SUM"
			yaml_row 3.21.0_rc1 alpine-minirootfs candidate.tar.gz "$wrong"
		} >"$dir/latest-releases.yaml"
	done
}

# mirror_start: $MIRROR is its address but for the mode, $REQUESTS its log.
mirror_start() {
	local port
	REQUESTS=$BATS_TEST_TMPDIR/requests
	MIRROR_FILES=$BATS_TEST_TMPDIR/mirror
	mirror_files "$MIRROR_FILES"
	mkfifo "$BATS_TEST_TMPDIR/port"
	"$TEST_SOURCES/tests/bundles/mirror" "$MIRROR_FILES" "$REQUESTS" \
		>"$BATS_TEST_TMPDIR/port" 2>/dev/null 3>&- &
	MIRROR_PID=$!
	read -r port <"$BATS_TEST_TMPDIR/port"
	MIRROR=http://127.0.0.1:$port
}

# count_requests TEXT: how many requests of the mirror have it.
count_requests() { grep -cF -- "$1" "$REQUESTS"; }

# fails_with TEXT COMMAND...: one line that has the text, status 1, and all is as before.
fails_with() {
	local text=$1 before
	shift
	before=$(find "$WORK" | sort)
	run "$@"
	assert_status 1
	assert_output_has "$text"
	[[ $output == "gocker-bundle: "* ]] || fail "not of gocker-bundle: $output"
	# shellcheck disable=SC2154 # lines is set by run
	((${#lines[@]} == 1)) || fail "more than one line: $output"
	[[ $(find "$WORK" | sort) == "$before" ]] || fail "something is left: $(find "$WORK")"
	only_known_in_cache
}

# In the cache are whole files and such as can be resumed.
only_known_in_cache() {
	local file
	[[ -d $XDG_CACHE_HOME ]] || return 0
	for file in "$XDG_CACHE_HOME"/gocker/*; do
		[[ ! -e $file || ${file##*/} =~ ^sha512-[0-9a-f]{128}(\.partial)?$ ]] ||
			fail "in the cache: $file"
	done
}

# config FILTER [DIR]: a value of its config.json, as jq writes it.
config() { jq -c "$1" "${2-.}/config.json"; }

# is_alpine DIR: a whole bundle of the archive, and nothing beside it.
is_alpine() {
	[[ $(ls -A "$1") == $'config.json\nrootfs' ]] || fail "in the bundle: $(ls -A "$1")"
	grep -q '^ID=alpine$' "$1/rootfs/etc/os-release" || fail "no Alpine in $1"
	jq empty "$1/config.json"
}

setup() {
	need_root
	archive_prepare
	# Proxies of the machine do not know its loopback.
	export no_proxy='*'
	unset GOCKER_ALPINE_MIRROR
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/xdg
	WORK=$BATS_TEST_TMPDIR/work
	mkdir "$WORK"
	cd "$WORK" || return
	if declare -F setup_test >/dev/null; then
		setup_test
	fi
}

teardown() {
	if declare -F teardown_test >/dev/null; then
		teardown_test
	fi
	if [[ -n ${MIRROR_PID-} ]]; then
		kill "$MIRROR_PID"
		wait "$MIRROR_PID" 2>/dev/null || true
	fi
	cd /
}
