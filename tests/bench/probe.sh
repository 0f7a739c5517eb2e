# probe.sh - what a container's process can see of its container, one fact a line; for compare.sh

# Of a mount: root, place, flags, propagation, type, and the options of the super block, sorted. Its
# source is a label only, and the rootfs is the same file system for all.
while read -r _ _ _ root place flags rest; do
	propagation=${rest%%- *}
	set -- ${rest#*- }
	options=$(echo "$3" | tr , '\n' | sort | tr '\n' ' ')
	[ "$place" = / ] && options=
	echo "mount $root $place $flags $propagation$1 $options"
done </proc/self/mountinfo

for ns in cgroup ipc mnt net pid user uts; do
	echo "namespace $(readlink /proc/self/ns/$ns)"
done
echo "hostname $(hostname)"

find /dev | while read -r file; do
	if [ -L "$file" ]; then
		echo "device $file -> $(readlink "$file")"
	else
		echo "device $(stat -c '%n %F %a %u:%g %t:%T' "$file")"
	fi
done

for path in /proc/acpi /proc/scsi /sys/firmware /proc/keys /proc/timer_list /proc/kcore; do
	if [ -d "$path" ]; then
		echo "masked $path: $(ls -A "$path" | wc -l) entries"
	elif [ -e "$path" ]; then
		echo "masked $path: $(head -c 1 "$path" | wc -c) bytes"
	fi
done
for path in /proc/sys/kernel/domainname /sys/fs/cgroup/x /proc/irq/default_smp_affinity; do
	(echo x >"$path") 2>/dev/null && echo "writable $path"
done

sed 's/^/limit /' /proc/self/limits
grep -E '^(Cap|NoNewPrivs|Seccomp|Uid|Gid|Groups|Umask|NSpid)' /proc/1/status |
	tr '\t' ' ' | sed 's/^/status /'
echo "umask $(umask)"
echo "oom score $(cat /proc/self/oom_score_adj)"
echo "session $(cut -d' ' -f5,6 /proc/1/stat)"
# By the shell itself: a command's output comes by a pipe, whose other end may still be open.
descriptors=
for file in /proc/1/fd/*; do
	descriptors="$descriptors ${file##*/}"
done
echo "descriptors$descriptors"
echo "cwd $(pwd)"
env | grep -v '^\(SHLVL\|PWD\|OLDPWD\|_\|HOME\)=' | sed 's/^/env /'

# In a cgroup of its own: the namespace's root is where it is, and all processes in it are its own.
sed 's/^[0-9]*:/cgroup /' /proc/self/cgroup
for dir in /sys/fs/cgroup /sys/fs/cgroup/*; do
	[ -e "$dir/cgroup.procs" ] || continue
	echo "cgroup $dir: pid 1: $(grep -c '^1$' "$dir/cgroup.procs")," \
		"foreign: $(grep -c '^0$' "$dir/cgroup.procs")"
done
for file in pids/pids.max devices/devices.list cpuset/cpuset.cpus memory/memory.limit_in_bytes; do
	[ -e "/sys/fs/cgroup/$file" ] && sed "s|^|$file |" "/sys/fs/cgroup/$file"
done
for device in '1 3' '1 5' '1 11' '5 2' '10 200' '10 229'; do
	# two words; a node in /dev itself, since /dev/shm allows no devices
	mknod /dev/probe c $device || continue
	(: </dev/probe) 2>/dev/null && echo "opens $device"
	rm -f /dev/probe
done
mount -t tmpfs tmpfs /tmp 2>/dev/null && echo "may mount"

for link in /sys/class/net/*; do
	echo "link ${link##*/} $(cat "$link/flags") mtu $(cat "$link/mtu")"
done
exit 0
