#!/bin/sh
# cgroup_nested.sh - run by cgroup_nested.bats in a container: runs gocker there, $DEPTH levels deep
#
# $1: the level, 1 for the container that the host made. /bundle is the bundle of each level.
set -eu

level=$1 root=/run/gocker name=inner-$1

gocker() { /bundle/gocker --root "$root" "$@" </dev/null; }
fail() { echo "level $level: $*" && exit 1; }
status() { gocker state "$name" | sed -n 's/.*"status": "\(.*\)".*/\1/p'; }

# No cgroup of v2 gives controllers to those below it while it has processes.
if [ -n "${LEAF-}" ] && [ -e /sys/fs/cgroup/cgroup.procs ]; then
	mkdir /sys/fs/cgroup/leaf
	echo 0 >/sys/fs/cgroup/leaf/cgroup.procs
fi

gocker run -d -b /bundle -f sleep.json "$name" >/tmp/out 2>&1 || fail "$(cat /tmp/out)"
gocker pause "$name"
[ "$(status)" = paused ] || fail "not paused: $(status)"
gocker resume "$name"
gocker exec "$name" true
[ "$(gocker ps -f json "$name" | tr -d '[]')" -gt 0 ] || fail "ps: $(gocker ps "$name")"
if [ -n "${LIMIT-}" ]; then
	pid=$(gocker ps -f json "$name" | tr -d '[]')
	dir=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
	[ ! -d /sys/fs/cgroup/pids ] ||
		dir=/sys/fs/cgroup/pids$(sed -n 's/.*:pids://p' "/proc/$pid/cgroup")
	# Without a cgroup namespace the path is that of the host.
	[ -d "$dir" ] || dir=/sys/fs/cgroup/pids/gocker-$name
	[ "$(cat "$dir/pids.max")" = 33 ] || fail "no limit in $dir"
fi
gocker kill "$name" KILL
gocker delete --force "$name"
left=$(find /sys/fs/cgroup -name "gocker-$name")
[ -z "$left" ] || fail "left: $left"

if [ "$level" -lt "$DEPTH" ]; then
	gocker run -b /bundle -f "level-$((level + 1)).json" "level-$((level + 1))"
else
	echo "all well at level $level"
fi
