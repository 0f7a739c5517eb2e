#!/usr/bin/env bats
# top.bats - what the containers use, as a table: in a file, and live on a terminal

load helpers

# Short names, as the columns have little room for them.
setup_test() { ID=t$$-$BATS_TEST_NUMBER; }

# busy_container [NAME]: one that uses a fifth of a cpu.
busy_container() {
	config_edit '.linux.resources.cpu = {quota: 20000, period: 100000}'
	config_shell 'while :; do :; done'
	start_container "$@"
}

idle_container() {
	config_args sleep 1000
	start_container "$@"
}

# cell ID COLUMN: of the last table in $OUT.top.
cell() {
	awk -v id="$1" -v title="$2" '
		$1 == "CONTAINER" { for (i = 1; i <= NF; i++) if ($i == title) column = i }
		$1 == id { value = $column }
		END { print value }' "$OUT.top"
}

# has_no PATTERN FILE: of grep, in bytes.
has_no() { if LC_ALL=C grep "$@"; then return 1; fi; }

top_once() { gocker top --once -d 200ms "$@" >"$OUT.top"; }

@test "top --once prints a line for each container, who uses most cpu first" {
	need_cgroup memory
	need_cgroup pids
	config_edit '.linux.resources = {memory: {limit: 67108864}, pids: {limit: 30}}'
	idle_container
	busy_container "$ID-busy"
	top_once
	[[ $(awk '{ print $1 }' "$OUT.top" | paste -sd ' ') == "CONTAINER $ID-busy $ID" ]] ||
		fail "$(cat "$OUT.top")"
	[[ $(cell "$ID" MEM/LIMIT) == */64M ]]
	[[ $(cell "$ID" PIDS) == 1/30 ]]
	[[ $(cell "$ID" MEM%) == *% ]]
	# it may have a fifth of a cpu; a busy machine gives less, and who sleeps has nearly none
	awk -v share="$(cell "$ID-busy" CPU%)" -v idle="$(cell "$ID" CPU%)" \
		'BEGIN { exit !(share + 0 > 1 && share + 0 < 60 && idle + 0 < share / 2) }' ||
		fail "$(cat "$OUT.top")"
	has_no $'[\033\x80-\xff]' "$OUT.top"
	top_once --sort name
	[[ $(awk 'NR == 2 { print $1 }' "$OUT.top") == "$ID" ]]
}

@test "top prints a table in each interval, as many as --count" {
	idle_container
	gocker top --count 3 -d 100ms >"$OUT.top"
	[[ $(grep -c "^CONTAINER " "$OUT.top") == 3 ]]
	[[ $(grep -c "^$ID " "$OUT.top") == 3 ]]
	[[ $(grep -c '^$' "$OUT.top") == 2 ]]
}

@test "top without containers, and without a store, prints the titles" {
	top_once
	[[ $(wc -l <"$OUT.top") == 1 ]]
	"$GOCKER" --root "$BATS_TEST_TMPDIR/nowhere" top --once >"$OUT.top"
	grep -q '^CONTAINER ' "$OUT.top"
	[[ ! -e $BATS_TEST_TMPDIR/nowhere ]]
}

@test "what does not run has its state in the place of its cpu" {
	idle_container
	create_container "$ID-created"
	idle_container "$ID-stopped"
	gocker kill "$ID-stopped" KILL
	wait_for_state stopped "$ID-stopped"
	gocker pause "$ID"
	top_once
	[[ $(cell "$ID" CPU%) == paused ]]
	[[ $(cell "$ID-created" CPU%) == created ]]
	[[ $(cell "$ID-stopped" CPU%) == "" ]]
	top_once --all
	[[ $(cell "$ID-stopped" CPU%) == stopped ]]
	[[ $(cell "$ID-stopped" READ/s) == - ]]
}

@test "top shows the named containers, and ends with the last of them" {
	idle_container
	idle_container "$ID-2"
	top_once "$ID-2"
	[[ $(awk '{ print $1 }' "$OUT.top" | paste -sd ' ') == "CONTAINER $ID-2" ]]
	rm "$OUT.top"
	gocker top -d 100ms "$ID" "$ID-2" >"$OUT.top" 3>&- &
	wait_until grep -qs "^$ID-2 " "$OUT.top"
	gocker delete --force "$ID"
	gocker delete --force "$ID-2"
	wait $!
	run gocker top --once "$ID"
	assert_status 1
	assert_output_has "\"$ID\": container does not exist"
}

@test "wrong options are named" {
	run gocker top --once --sort beauty
	assert_status 1
	assert_output_has '"beauty"'
	run gocker top --once --interval 5
	assert_status 1
	assert_output_has '--interval: "5" is no time'
	run gocker top --count many
	assert_status 1
}

# last_table_has ID, last_table_lacks ID
last_table_has() { tac "$OUT.top" | sed '/^$/q' | grep -q "^$1 "; }
last_table_lacks() { ! last_table_has "$1"; }

@test "containers come and go while top runs" {
	idle_container
	# not by the function, whose shell would be what is killed
	"$GOCKER" --root "$TEST_ROOT" top -d 100ms >"$OUT.top" 3>&- &
	wait_until grep -q "^$ID " "$OUT.top"
	idle_container "$ID-2"
	wait_until grep -q "^$ID-2 " "$OUT.top"
	gocker delete --force "$ID-2"
	wait_until last_table_lacks "$ID-2"
	# of the same name, but another one
	gocker delete --force "$ID"
	idle_container
	wait_until last_table_has "$ID"
	kill $!
	local status=0
	wait $! || status=$?
	[[ $status == 143 ]]
}

@test "top shows what is received and sent" {
	need_command ip
	need_command python3
	idle_container
	local pid
	pid=$(container_pid)
	nsenter -t "$pid" -n ip link add gk0 type veth peer name gk1
	nsenter -t "$pid" -n ip link set gk0 up
	nsenter -t "$pid" -n ip link set gk1 up
	nsenter -t "$pid" -n timeout 20 python3 -c '
import socket, sys, time
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind(("gk0", 0))
while True:
    for i in range(10):
        raw.send(b"\xff" * 12 + b"\x88\xb5" + bytes(1000))
    open(sys.argv[1], "w").close()
    time.sleep(0.05)' "$OUT.sent" 3>&- &
	wait_until test -e "$OUT.sent"
	top_once
	kill $!
	[[ $(cell "$ID" RX/s) == *[0-9][KM] && $(cell "$ID" TX/s) == *[0-9][KM] ]] ||
		fail "$(cat "$OUT.top")"
}

@test "top ends quietly when nobody reads it any more" {
	idle_container
	timeout 20 "$GOCKER" --root "$TEST_ROOT" top -d 100ms 2>"$OUT.err" | head -n 1 >"$OUT.top"
	[[ ${PIPESTATUS[0]} == 0 ]]
	[[ ! -s $OUT.err ]]
}

# on_terminal SIZE STEP... -- OPTION...: gocker top at a terminal; what it shows is in $OUT.screen.
on_terminal() {
	local size=$1 steps=()
	shift
	while [[ $1 != -- ]]; do
		steps+=("$1")
		shift
	done
	shift
	TERM=xterm LC_ALL=${TEST_LOCALE-C.UTF-8} python3 "$BATS_TEST_DIRNAME/pty_run.py" "$size" \
		"$OUT.screen" "${steps[@]}" -- "$GOCKER" --root "$TEST_ROOT" top -d 100ms "$@"
}

# frames: what the screen has shown, one table behind the other, without escape sequences.
frames() { sed 's/\x1b\[[0-9;?]*[A-Za-z]//g; s/\r$//' "$OUT.screen"; }

@test "on a terminal top is live until q, which gives the screen back" {
	need_command python3
	busy_container
	on_terminal 100x10 "wait:CONTAINER" "wait:$ID" "wait:%" "wait:▂" keys:q --
	[[ $(head -c 14 "$OUT.screen") == $'\033[?1049h\033[?25l' ]]
	[[ $(tail -c 14 "$OUT.screen") == $'\033[?25h\033[?1049l' ]]
	frames | grep -q '^1 container, cpu '
	frames | grep -q "^$ID .*%.*\[.*\]"
	grep -q $'\033\[32m' "$OUT.screen"
}

@test "ctrl-c and signals end it and give the screen back, too" {
	need_command python3
	idle_container
	on_terminal 80x10 "wait:$ID" $'keys:\x03' --
	[[ $(tail -c 14 "$OUT.screen") == $'\033[?25h\033[?1049l' ]]
	run on_terminal 80x10 "wait:$ID" signal:TERM --
	assert_status 143
	[[ $(tail -c 14 "$OUT.screen") == $'\033[?25h\033[?1049l' ]]
	run on_terminal 80x10 "wait:$ID" signal:HUP --
	assert_status 129
	[[ $(tail -c 14 "$OUT.screen") == $'\033[?25h\033[?1049l' ]]
}

@test "ctrl-z gives the screen back until top goes on" {
	need_command python3
	idle_container
	on_terminal 80x10 "wait:$ID" $'keys:\x1a' $'wait:\033[?1049l' sleep:0.3 signal:CONT \
		$'wait:\033[?1049h' "wait:$ID" keys:q --
}

@test "top keeps within the screen when its size changes" {
	need_command python3
	idle_container "$ID-with-a-name-that-is-longer-than-its-column"
	idle_container "$ID-2"
	idle_container "$ID-3"
	on_terminal 100x10 "wait:$ID-2" resize:40x4 "wait:and 3 more" keys:q --
	# the last frame
	frames | tac | sed '/^3 containers/q' | tac >"$OUT.frame"
	[[ $(LC_ALL=C.UTF-8 wc -L <"$OUT.frame") -le 40 ]]
	on_terminal 60x10 "wait:$ID-3" keys:q --
	frames | grep -q '…  '
}

@test "the keys of the columns sort" {
	need_command python3
	busy_container "$ID-b"
	idle_container "$ID-a"
	on_terminal 100x10 "wait:sorted by cpu" "wait:$ID-b" keys:a "wait:sorted by name" \
		"wait:$ID-a" keys:q -- --sort cpu
	[[ $(frames | tac | sed '/^CONTAINER/q' | tac | awk 'NR == 2 { print $1 }') == "$ID-a" ]]
}

@test "colours, UTF-8 and escapes only where they are wanted and can be shown" {
	need_command python3
	idle_container
	NO_COLOR=1 on_terminal 100x10 "wait:$ID" keys:q --
	has_no $'\033\[[0-9]*m' <(sed 's/\x1b\[2\?7m//g' "$OUT.screen")
	TEST_LOCALE=C on_terminal 100x10 "wait:$ID" keys:q --
	has_no $'[\x80-\xff]' "$OUT.screen"
	on_terminal 100x10 -- --once
	has_no $'\033\[[?0-9]*[hlHJK]' "$OUT.screen"
	frames | grep -q "^$ID .*\[.*\]"
	TERM=dumb python3 "$BATS_TEST_DIRNAME/pty_run.py" 100x10 "$OUT.screen" "wait:$ID" \
		signal:TERM -- "$GOCKER" --root "$TEST_ROOT" top -d 100ms || [[ $? == 143 ]]
	has_no $'\033' "$OUT.screen"
}
