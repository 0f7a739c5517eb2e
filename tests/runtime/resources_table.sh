#!/bin/bash
# resources_table.sh - sets the rows of resources.table, and reads back what the kernel has
#
#	resources_table.sh FOLDER
#
# All rows that this machine can do are set in a few containers at once: in a virtual machine each
# of them, and each process of a shell, takes its time (and bats stops at every command). FOLDER
# gets rows/NAME with what the row expected and what the kernel had, or the reason why it has no
# such row.
set -eu
shopt -s extglob

here=$(dirname "$0")
folder=$1 ID=gocker-$$-table
export TEST_ROOT=$folder/state BUNDLE=$folder/bundle OUT=$folder/out
BATS_FILE_TMPDIR=$folder BATS_TEST_DIRNAME=$here
# shellcheck source=tests/runtime/helpers.bash
. "$here/helpers.bash"

unified=/sys/fs/cgroup/unified
[[ -d $unified ]] || unified=/sys/fs/cgroup

# probe_dir v1-CONTROLLER|"": a new cgroup shows which files there are.
declare -A probes
probe_dir() {
	local mount=/sys/fs/cgroup/$1 name
	[[ -n $1 ]] || mount=$unified
	[[ -z ${probes[$mount]-} ]] || return 0
	[[ -n $1 && -e $mount/tasks || -z $1 && -e $mount/cgroup.controllers ]] || return
	# gocker gives a controller to a container when a limit needs it
	if [[ -z $1 ]]; then
		for name in $(<"$mount/cgroup.controllers"); do
			echo "+$name" >"$mount/cgroup.subtree_control" || :
		done 2>/dev/null
	fi
	# net_cls and net_prio may be one hierarchy, with two names
	[[ -d $mount/$ID ]] || mkdir "$mount/$ID"
	probes[$mount]=$mount/$ID
}

# find_place V1 V2: where the kernel has a row, of several files the one that is there: sets
# version, file, text and choice (which of them), or says in reason why there is none.
find_place() {
	local files=$1 controller probe alternatives
	version=1 choice=0 reason='' controller=${1%%.*}
	[[ $1 != - ]] || controller=${2%%.*}
	[[ $controller != io ]] || controller=blkio
	if probe_dir "$controller"; then
		probe=${probes[/sys/fs/cgroup/$controller]}
	elif version=2 files=$2 && probe_dir ""; then
		probe=${probes[$unified]}
	else
		reason="no cgroup v2"
		return
	fi
	if [[ $files == - ]]; then
		reason="a limit of cgroup v$((3 - version)), which has no $controller here"
		return
	fi
	IFS=';' read -ra alternatives <<<"$files"
	for choice in "${!alternatives[@]}"; do
		files=${alternatives[choice]}
		file=${files%%=*} text=${files#*=}
		file=${file##+( )}
		[[ ! -e $probe/$file ]] || return 0
	done
	reason="this kernel has no $file (cgroup v$version)"
}

# prepare_disk DIRECTORY: it can have a weight where its cost is controlled, on v1 with BFQ.
prepare_disk() {
	if [[ -e $unified/io.cost.qos ]]; then
		echo "$device enable=1" >"$unified/io.cost.qos"
	elif modprobe -q bfq; then
		echo bfq >"$1/queue/scheduler"
	fi
}

# A disk to limit, best one that is made for that.
find_disk() {
	local dir
	modprobe -q null_blk 2>/dev/null || :
	for dir in /sys/block/{nullb,vd,sd,nvme,loop}*; do
		[[ -e $dir/dev ]] || continue
		disk=${dir##*/} device=$(<"$dir/dev")
		[[ $disk != nullb* ]] || prepare_disk "$dir"
		return
	done
}

# find_reason ROW: what else it needs.
find_reason() {
	case $1 in
	blockIO.weightDevice) [[ $disk == nullb* ]] || reason="no null_blk device" ;;
	blockIO.throttle*) [[ -n $disk ]] || reason="no disk" ;;
	rdma) [[ -n $rdma ]] || reason="no RDMA device" ;;
	esac
}

# The columns of a line, without what stands for something.
read_columns() {
	local i line=$1
	line=${line//MAJOR/${device%:*}}
	line=${line//MINOR/${device#*:}}
	line=${line//DEVICE/$device}
	line=${line//RDMA/$rdma}
	line=${line//CPUS/$cpus}
	IFS='|' read -ra columns <<<"$line|"
	for i in "${!columns[@]}"; do
		columns[i]=${columns[i]##+( )}
		columns[i]=${columns[i]%%+( )}
	done
}

# Takes the table apart: for each row what has to be, for each container its documents.
read_table() {
	local columns line row after
	while IFS= read -r line; do
		[[ $line == [a-z]* ]] || continue
		read_columns "$line"
		row=$folder/rows/${columns[0]}
		mkdir -p "$row" "$folder/containers/${columns[1]}"
		find_place "${columns[3]}" "${columns[4]}"
		[[ -n $reason ]] || find_reason "${columns[0]}"
		if [[ -n $reason ]]; then
			echo "$reason" >"$row/reason"
			continue
		fi
		IFS=';' read -ra after <<<"${columns[5 + version]};"
		echo "$text" >"$row/create.expected"
		echo "${after[choice]##+( )}" >"$row/update.expected"
		echo "${columns[1]} $file" >"$row/file"
		echo "${columns[2]}" >>"$folder/containers/${columns[1]}/create"
		if [[ ${columns[5]} == -* ]]; then
			echo "${columns[5]}" >>"$folder/containers/${columns[1]}/options"
		else
			echo "${columns[5]}" >>"$folder/containers/${columns[1]}/update"
		fi
	done <"$here/resources.table"
}

# read_back create|update CONTAINER: what the kernel has for the rows of this container.
read_back() {
	local -A paths=()
	local row container file ids path
	while IFS=: read -r _ ids path; do
		for ids in ${ids//,/ } ${ids:-v2}; do
			paths[$ids]=$path
		done
	done <"/proc/$(container_pid "$ID-$2")/cgroup"
	for row in "$folder"/rows/*/; do
		[[ -e $row/file ]] || continue
		read -r container file <"$row/file"
		[[ $container == "$2" ]] || continue
		if [[ -n ${paths[${file%%.*}]-} ]]; then
			path=/sys/fs/cgroup/${file%%.*}${paths[${file%%.*}]}
		else
			path=$unified${paths[v2]}
		fi
		echo "$(<"$path/$file")" >"$row/$1"
	done
}

merge() { jq -s 'reduce .[] as $one ({}; . * $one)' "$1"; }

# try_container NUMBER: created with its resources, changed by a document and by options.
try_container() {
	local documents=$folder/containers/$1 options
	config_edit --slurpfile resources <(merge "$documents/create") \
		'.linux.resources = $resources[0]'
	start_container "$ID-$1"
	read_back create "$1"
	if [[ -e $documents/update ]]; then
		merge "$documents/update" | gocker update -r - "$ID-$1"
	fi
	if [[ -e $documents/options ]]; then
		mapfile -t options < <(sort -u "$documents/options" | tr ' ' '\n')
		gocker update "${options[@]}" "$ID-$1"
	fi
	read_back update "$1"
}

end() {
	local id
	for id in $(gocker list -q); do
		gocker delete --force "$id"
	done
	((!${#probes[@]})) || rmdir "${probes[@]}" 2>/dev/null || :
}

mkdir "$folder/rows" "$folder/containers"
trap end EXIT
disk='' device=none cpus=0 rdma=
for rdma in /sys/class/infiniband/*; do
	[[ -e $rdma ]] && rdma=${rdma##*/} || rdma=
done
(($(nproc) < 2)) || cpus=0-1
find_disk
read_table
rootfs_prepare
bundle_make "$BUNDLE"
for documents in "$folder"/containers/*; do
	[[ ! -e $documents/create ]] || try_container "${documents##*/}"
done
