#!/usr/bin/env bats
# mirror.bats - gocker-bundle init alpine from a mirror that is well, ill or hostile

load helpers

setup_test() { mirror_start; }

# from MODE [OPTION...] DIR
from() { bundle init alpine --mirror "$MIRROR/$1" "${@:2}"; }

@test "the newest stable release, then again out of the cache" {
	run from good new
	assert_status 0
	assert_output_has "bundle \"new\" made from Alpine 3.20.3 for $ARCH"
	is_alpine new
	[[ $(sha512sum <"$XDG_CACHE_HOME/gocker/sha512-$SUM" | cut -c1-128) == "$SUM" ]]
	from good again
	is_alpine again
	[[ $(count_requests .tar.gz) == 1 ]]
	[[ $(stat -c %a "$XDG_CACHE_HOME/gocker") == 700 ]]
}

@test "DIR is the current directory unless given; the mirror comes from the environment" {
	GOCKER_ALPINE_MIRROR=$MIRROR/good bundle init alpine
	is_alpine .
}

@test "--mirror goes before the environment, and a slash at its end does not matter" {
	GOCKER_ALPINE_MIRROR=$MIRROR/broken bundle init alpine --mirror "$MIRROR/good//"
	is_alpine .
}

@test "a mirror in a folder: file:" {
	bundle init alpine --mirror "file://$MIRROR_FILES" new
	is_alpine new
	fails_with "is not there: the mirror has no such release or architecture" \
		bundle init alpine --mirror "file://$MIRROR_FILES/x" none
}

@test "--release 3.20 and v3.20 are the newest of the branch, 3.20.3 is that one" {
	local release
	for release in 3.20 v3.20 3.20.3; do
		from good --release "$release" "b$release"
		is_alpine "b$release"
	done
	[[ $(count_requests /latest-stable/) == 0 ]]
}

@test "--release of an older one: its checksum lies beside it" {
	local dir=$MIRROR_FILES/v3.20/releases/$ARCH
	cp "$ARCHIVE" "$dir/alpine-minirootfs-3.20.1-$ARCH.tar.gz"
	echo "$SUM  alpine-minirootfs-3.20.1-$ARCH.tar.gz" \
		>"$dir/alpine-minirootfs-3.20.1-$ARCH.tar.gz.sha512"
	run from good --release 3.20.1 old
	assert_status 0
	assert_output_has "Alpine 3.20.1"
	is_alpine old
	fails_with "has no release 3.20.2" from good --release 3.20.2 none
	echo "not a sum" >"$dir/alpine-minirootfs-3.20.4-$ARCH.tar.gz.sha512"
	fails_with "is no checksum file" from good --release 3.20.4 none
}

@test "unknown release, unknown architecture" {
	fails_with "the mirror has no such release or architecture" from good --release 9.99 new
	fails_with 'option --release: "newest" is not a release such as 3.20' \
		from good --release newest new
	fails_with 'option --release: "3.20.3.1"' from good --release 3.20.3.1 new
	fails_with 'option --release: "3.2/../.."' from good --release 3.2/../.. new
	fails_with 'the architecture "pdp11"' from good --arch pdp11 new
	fails_with "the mirror has no such release or architecture" from good --arch s390x new
	[[ ! -e $XDG_CACHE_HOME ]]
}

@test "a wrong checksum: refused, and nothing of it stays in the cache" {
	fails_with "was expected: it was damaged or changed on its way" from wrong new
	[[ ! -e $XDG_CACHE_HOME ]]
}

@test "a file in the cache that was damaged is downloaded again" {
	from good first
	echo x >>"$XDG_CACHE_HOME/gocker/sha512-$SUM"
	run from good second
	assert_status 0
	assert_output_has "is damaged and is downloaded again"
	is_alpine second
	[[ $(count_requests .tar.gz) == 2 ]]
}

@test "a connection that is cut is resumed where it ended" {
	local size
	size=$(stat -c %s "$ARCHIVE")
	from cut new
	is_alpine new
	[[ $(grep -c "\.tar\.gz bytes=" "$REQUESTS") -ge 2 ]]
	[[ $(grep -c "\.tar\.gz bytes=$((size / 3))-" "$REQUESTS") == 1 ]]
}

@test "a connection that is cut again and again: given up, resumed by the next run" {
	fails_with "start again to resume" from stuck new
	[[ $(count_requests .tar.gz) == 5 ]]
	[[ $(stat -c %s "$XDG_CACHE_HOME/gocker/sha512-$SUM.partial") == 9000 ]]
	from good new
	is_alpine new
	grep -q "/good/.*\.tar\.gz bytes=9000-" "$REQUESTS"
	[[ $(ls "$XDG_CACHE_HOME/gocker") == "sha512-$SUM" ]]
}

@test "a partial file that holds something else is dropped" {
	(umask 077 && mkdir -p "$XDG_CACHE_HOME/gocker")
	head -c 5000 /dev/zero >"$XDG_CACHE_HOME/gocker/sha512-$SUM.partial"
	from good new
	is_alpine new
	# also one that is as long as the whole, and one that is longer
	rm "$XDG_CACHE_HOME/gocker/"*
	head -c "$(stat -c %s "$ARCHIVE")" /dev/zero >"$XDG_CACHE_HOME/gocker/sha512-$SUM.partial"
	from good new2
	rm "$XDG_CACHE_HOME/gocker/"*
	head -c 9999999 /dev/zero >"$XDG_CACHE_HOME/gocker/sha512-$SUM.partial"
	from good new3
	is_alpine new3
}

@test "a server that cannot resume sends the whole again" {
	from forgetful new
	is_alpine new
}

@test "a server that is busy is asked again" {
	from busy new
	is_alpine new
}

@test "a server that fails, and one that is not there" {
	fails_with "latest-releases.yaml\": the server answered 500" from broken new
	[[ $(count_requests latest-releases) == 3 ]]
	fails_with "check the network and --mirror, or use --rootfs-archive FILE or init busybox" \
		bundle init alpine --mirror http://127.0.0.1:1 new
	fails_with "http://127.0.0.1:1/latest-stable/releases/$ARCH/latest-releases.yaml" \
		bundle init alpine --mirror http://127.0.0.1:1 new
	rm "$MIRROR_FILES"/*/releases/*/*.gz
	fails_with ".tar.gz\": the server answered 404 (not found)" from good new
	[[ ! -e $XDG_CACHE_HOME ]]
}

@test "redirects: on the same host followed, to anywhere else refused" {
	from moved new
	from relative new2
	is_alpine new2
	fails_with "refused to be redirected to \"http://localhost:" from away none
	fails_with "refused to be redirected to \"http://127.0.0.1:1/" from port none
	fails_with "refused to be redirected to \"file:///etc/passwd\"" from file none
	fails_with "too many redirects" from loop none
	[[ $(count_requests /good/) == 3 ]]
}

@test "a list without end is refused" {
	fails_with "latest-releases.yaml\": larger than 1048576 bytes" from endless new
}

@test "an archive that is larger than the list says is refused" {
	head -c 100 /dev/zero >>"$BATS_TEST_TMPDIR/longer"
	cat "$ARCHIVE" "$BATS_TEST_TMPDIR/longer" >"$BATS_TEST_TMPDIR/all"
	mv "$BATS_TEST_TMPDIR/all" \
		"$MIRROR_FILES/latest-stable/releases/$ARCH/$(basename "$ARCHIVE")"
	fails_with "larger than" from good new
	[[ ! -e $XDG_CACHE_HOME ]]
}

@test "broken lists" {
	local list=$MIRROR_FILES/latest-stable/releases/$ARCH/latest-releases.yaml
	echo $'- a: "open\n' >"$list"
	fails_with "broken YAML" from good new
	echo "<html><body>It works</body></html>" >"$list"
	fails_with "is not a list of releases" from good new
	: >"$list"
	fails_with "lists no stable alpine-minirootfs for \"$ARCH\"" from good new
	echo "- &a {flavor: *a}" >"$list"
	fails_with "has an alias" from good new
	yaml_row 3.20.3 alpine-minirootfs ../../../../etc/passwd "$SUM" >"$list"
	fails_with 'file "../../../../etc/passwd" is not usable' from good new
	yaml_row 3.20.3 alpine-minirootfs a.tar.gz 1234 >"$list"
	fails_with 'sha512 "1234" is not usable' from good new
	yaml_row 3.21.0_rc1 alpine-minirootfs a.tar.gz "$SUM" >"$list"
	fails_with "lists no stable" from good new
	printf '%.0s[' {1..5000} >"$list"
	fails_with "latest-releases.yaml\": line 1" from good new
}

@test "addresses that are none" {
	local url
	for url in ftp://127.0.0.1/ /srv/alpine "" alpine http:// "http://a b/" \
		http://u:p@127.0.0.1/ "http://127.0.0.1/?x="; do
		fails_with "option --mirror: \"$url\" is not an address" \
			bundle init alpine --mirror "$url" new
	done
	GOCKER_ALPINE_MIRROR=gopher://x fails_with "GOCKER_ALPINE_MIRROR: \"gopher://x\"" \
		bundle init alpine new
}

@test "a cache that others can write is not used; one that cannot be made is told" {
	mkdir -p "$XDG_CACHE_HOME/gocker"
	chmod 777 "$XDG_CACHE_HOME/gocker"
	fails_with "can be written by others" from good new
	rmdir "$XDG_CACHE_HOME/gocker"
	: >"$XDG_CACHE_HOME/gocker"
	fails_with "make cache \"$XDG_CACHE_HOME/gocker/x/gocker\"" \
		env XDG_CACHE_HOME="$XDG_CACHE_HOME/gocker/x" \
		"$GOCKER_BUNDLE" init alpine --mirror "$MIRROR/good" new
}

@test "interrupted while it downloads: the part stays, the signal is passed on" {
	local signal number pid status
	for signal in INT=130 TERM=143; do
		number=${signal#*=} signal=${signal%=*}
		# bash starts what is in the background with SIGINT ignored
		env --default-signal=INT "$GOCKER_BUNDLE" init alpine --mirror "$MIRROR/slow" new \
			>log 2>&1 3>&- &
		pid=$!
		wait_until test -s "$XDG_CACHE_HOME/gocker/sha512-$SUM.partial"
		kill "-$signal" "$pid"
		status=0
		wait "$pid" || status=$?
		[[ $status == "$number" ]] || fail "status $status"
		grep -q "^gocker-bundle: interrupted by SIG$signal$" log
		rm log
		[[ -z $(ls -A) ]]
		only_known_in_cache
		rm -r "$XDG_CACHE_HOME"
	done
}

@test "two at a time share one download" {
	local i pids=()
	for i in 1 2 3; do
		"$GOCKER_BUNDLE" init alpine --mirror "$MIRROR/cut" "new$i" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	for i in 1 2 3; do
		is_alpine "new$i"
	done
	[[ $(grep -c "\.tar\.gz -" "$REQUESTS") == 1 ]]
}

@test "a bar on a terminal, none elsewhere" {
	run script -qec "'$GOCKER_BUNDLE' init alpine --mirror '$MIRROR/good' new" /dev/null
	assert_status 0
	assert_output_has "% of "
	run from good new2
	[[ $output != *"% of"* ]]
}
