# gocker.bash - completes command lines of gocker in bash, from what its --help says

# _gocker_argument OPTION HELP: prints the name of the option's argument ("DIR"), nothing for a flag;
# fails where HELP does not have the option.
_gocker_argument() {
	local line
	while IFS= read -r line; do
		[[ $line =~ ^\ +(-(.),\ |\ +)(--[a-z0-9-]+)(\ ([A-Z][^ ]*))?\  ]] || continue
		[[ $1 == "${BASH_REMATCH[3]}" || $1 == "-${BASH_REMATCH[2]}" ]] || continue
		echo "${BASH_REMATCH[5]}"
		return 0
	done <<<"$2"
	return 1
}

_gocker_words() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# _gocker_value PROGRAM OPTION ARGUMENT CURRENT: what an option can be given.
_gocker_value() {
	case $2 in
	--log-format) _gocker_words "text json" "$4" ;;
	--format | -f)
		if [[ $3 == FORMAT ]]; then
			_gocker_words "table json" "$4"
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$4")
		fi
		;;
	--cgroup-manager) _gocker_words "cgroupfs disabled" "$4" ;;
	--rootless) _gocker_words "true false auto" "$4" ;;
	--sort | -s) _gocker_words "cpu memory pids io net name" "$4" ;;
	--cap | -c) _gocker_words "$("$1" features 2>/dev/null | grep -o 'CAP_[A-Z_]*')" "$4" ;;
	*)
		case $3 in
		DIR) mapfile -t COMPREPLY < <(compgen -d -- "$4") ;;
		FILE | PATH) mapfile -t COMPREPLY < <(compgen -f -- "$4") ;;
		esac
		[[ $3 != DIR && $3 != FILE && $3 != PATH ]] || compopt -o filenames 2>/dev/null
		;;
	esac
}

# _gocker_positional PROGRAM COMMAND USAGE NUMBER CURRENT ROOT...: the arguments of a command.
_gocker_positional() {
	local program=$1 command=$2 usage=$3 number=$4 current=$5
	shift 5
	if [[ $command == mounts ]]; then
		case $number in
		0) _gocker_words "add remove" "$current" ;;
		1) _gocker_words "$("$program" "$@" list -q 2>/dev/null)" "$current" ;;
		2)
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
			compopt -o filenames 2>/dev/null
			;;
		esac
	elif [[ $number == 0 && $usage == *" ID"* && $command != create && $command != run ]]; then
		_gocker_words "$("$program" "$@" list -q 2>/dev/null)" "$current"
	elif [[ $usage == *"[ID...]"* ]]; then
		_gocker_words "$("$program" "$@" list -q 2>/dev/null)" "$current"
	elif [[ $number == 0 && $command == network ]]; then
		_gocker_words "ls rm prune" "$current"
	elif [[ $number == 1 && $command == network && ${COMP_WORDS[COMP_CWORD - 1]} == rm ]]; then
		_gocker_words "$("$program" network ls 2>/dev/null | awk 'NR > 1 { print $1 }')" \
			"$current"
	elif [[ $number == 1 && $usage == *"[SIGNAL]"* ]]; then
		_gocker_words "$(compgen -A signal SIG)" "$current"
	fi
}

# What the words before the cursor mean: sets help, usage, command, number, ended, root, and option
# and argument where the cursor is at an option's value. "=" is a word of its own.
_gocker_read() {
	local i=1 word
	while ((i < COMP_CWORD)); do
		word=${COMP_WORDS[i++]}
		if [[ -z $ended && $word == -- ]]; then
			ended=1
		elif [[ -z $ended && $word == -?* ]]; then
			argument=$(_gocker_argument "$word" "$help")
			if [[ ${COMP_WORDS[i]} == = ]]; then
				((i++))
			elif [[ -z $argument ]]; then
				continue
			fi
			((i < COMP_CWORD)) || option=$word
			[[ $word != --root || $option ]] || root=(--root "${COMP_WORDS[i]}")
			((i++))
		elif [[ -z $command ]]; then
			command=$word
			help=$("$program" "$command" --help 2>/dev/null) || return
			usage=${help%%$'\n'*}
			ended=''
		else
			((number++))
			[[ $usage != *...]* ]] || ended=1
		fi
	done
}

_gocker() {
	local program=${COMP_WORDS[0]/#\~/$HOME} current=${COMP_WORDS[COMP_CWORD]}
	local help usage='' command='' argument='' option='' root=() number=0 ended=''
	COMPREPLY=()
	help=$("$program" --help 2>/dev/null) && _gocker_read || return
	[[ $current != = ]] || current=''
	if [[ $option ]]; then
		_gocker_value "$program" "$option" "$argument" "$current"
	elif [[ -z $ended && $current == -* ]]; then
		_gocker_words "$(grep -oE -- '^ +(-., )? *--[a-z0-9-]+' <<<"$help" |
			grep -oE -- '--[a-z0-9-]+') --help" "$current"
	elif [[ -z $command ]]; then
		_gocker_words "$(awk '/^Options:/ { exit } /^  / { print $1 }' <<<"$help") help" \
			"$current"
	else
		_gocker_positional "$program" "$command" "$usage" "$number" "$current" "${root[@]}"
	fi
}

complete -F _gocker gocker
