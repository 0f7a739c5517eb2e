# gocker-bundle.bash - completion of gocker-bundle's command line for bash

_gocker_bundle_options="--release --arch --mirror --rootfs-archive --sha512 --busybox --max-size
	--force --env --volume --hostname --user --cwd --network --publish --ip --dns --memory --cpus
	--pids --userns --read-only --tty --help"

# _gocker_bundle_reply WORD WORDS: those of the words that begin like the word.
_gocker_bundle_reply() {
	mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
}

# The values of options. Return: 1 where the word before the cursor is none that takes a value.
_gocker_bundle_value() {
	case $1 in
	--arch)
		_gocker_bundle_reply "$2" "x86_64 x86 aarch64 armv7 armhf ppc64le s390x riscv64 loongarch64"
		;;
	--network) _gocker_bundle_reply "$2" "bridge none host" ;;
	--ip) _gocker_bundle_reply "$2" "auto auto6" ;;
	--dns) _gocker_bundle_reply "$2" "host" ;;
	--rootfs-archive | --busybox)
		mapfile -t COMPREPLY < <(compgen -f -- "$2")
		;;
	--volume | -v)
		[[ $2 == *:* ]] || mapfile -t COMPREPLY < <(compgen -f -- "$2")
		;;
	--env | -e)
		mapfile -t COMPREPLY < <(compgen -v -S = -- "$2")
		;;
	--release | --mirror | --sha512 | --max-size | --hostname | --user | -u | --cwd | -w | \
		--publish | -p | --memory | -m | --cpus | --pids | --userns) ;;
	*) return 1 ;;
	esac
}

# What else may follow: the source first, then a directory.
_gocker_bundle_init() {
	local word=$1 position=$2
	if [[ $word == -* ]]; then
		_gocker_bundle_reply "$word" "$_gocker_bundle_options"
	elif ((position == 2)); then
		_gocker_bundle_reply "$word" "alpine busybox archive"
	else
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
	fi
}

_gocker_bundle() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} i
	for ((i = 2; i < COMP_CWORD; i++)); do
		# the container's command: nothing is known of it
		[[ ${COMP_WORDS[i]} != -- ]] || return 0
	done
	if ((COMP_CWORD == 1)); then
		_gocker_bundle_reply "$word" "init remove --help --version"
	elif [[ ${COMP_WORDS[1]} == remove ]]; then
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
	elif ! _gocker_bundle_value "$before" "$word"; then
		_gocker_bundle_init "$word" "$COMP_CWORD"
	fi
}

complete -o filenames -o bashdefault -F _gocker_bundle gocker-bundle
