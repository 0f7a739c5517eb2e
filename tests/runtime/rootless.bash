# rootless.bash - a plain user for tests, known in mount namespaces of their own
#
# After "load helpers" and "load rootless" each test finds
#
#	$USER_ID     a uid and gid that nobody has
#	$USER_DIR    a directory of the user, who is called "plain"
#	$BUNDLE      in it, with what "spec --rootless" writes, running "sleep 1000"
#	gocker       the program under test, run by that user
#	as_user      any command, run by that user
#	SUBIDS       what subuid(5) and subgid(5) say: "plain:200000:65536"; empty: nothing

USER_ID=47110

# as_user COMMAND...: nothing of it is seen outside but what it writes to its directory.
# shellcheck disable=SC2016 # expands in the inner shell
as_user() {
	unshare -m --propagation private bash -c '
		id=$1 home=$2 subids=$3 && shift 3 &&
		mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work &&
		mount -t overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work o /etc &&
		echo "plain:x:$id:$id::$home:/bin/sh" >>/etc/passwd &&
		echo "plain:x:$id:" >>/etc/group &&
		echo "$subids" | tee /etc/subuid >/etc/subgid && umount -l /mnt &&
		exec setpriv --reuid "$id" --regid "$id" --clear-groups "$@"' bash \
		"$USER_ID" "$USER_DIR" "${SUBIDS-}" \
		env -u NOTIFY_SOCKET HOME="$USER_DIR" USER=plain XDG_RUNTIME_DIR="$USER_DIR/run" \
		"$@"
}

gocker() { as_user "$USER_GOCKER" "$@"; }

need_user_namespaces() {
	as_user unshare -U true || skip "users may make no user namespaces on this host"
}

# The program may be built where users do not get to.
rootless_prepare() {
	USER_DIR=$BATS_TEST_TMPDIR/user
	USER_GOCKER=$BATS_FILE_TMPDIR/gocker
	[[ -x $USER_GOCKER ]] || copy_gocker "$USER_GOCKER"
	install -d -m 700 "$USER_DIR" "$USER_DIR/run"
	mv "$BUNDLE" "$USER_DIR/bundle"
	BUNDLE=$USER_DIR/bundle
	TEST_ROOT=$USER_DIR/run/gocker
	rm "$BUNDLE/config.json"
	chown -R "$USER_ID:$USER_ID" "$USER_DIR"
	[[ -e $BATS_FILE_TMPDIR/config-rootless.json ]] || need_user_namespaces
	config_make "$BUNDLE" rootless gocker spec --rootless
}

# with_ranges: root is the user, all others are from the ranges of subordinate ids.
with_ranges() {
	need_command newuidmap
	SUBIDS=plain:200000:65536
	# shellcheck disable=SC2016 # the dollar is jq's
	config_edit --argjson id "$USER_ID" '.linux.uidMappings = [
		{"containerID": 0, "hostID": $id, "size": 1},
		{"containerID": 1, "hostID": 200000, "size": 65536}] |
		.linux.gidMappings = .linux.uidMappings'
}
