# path_calls.awk - prints "file:line: call" for each system call whose path may lead anywhere
#
# For tests/lint/checks/paths, which tells what is fine.

BEGIN {
	split_into(by_path, "open sys_open creat fopen mkdir mknod mkfifo umount umount2 stat lstat " \
		"access chmod chown lchown symlink link readlink unlink rmdir rename truncate " \
		"setxattr lsetxattr getxattr lgetxattr chdir chroot opendir realpath statfs " \
		"statvfs execve execvp pivot_root mkdtemp mkstemp remove")
	split_into(by_name, "openat sys_openat fstatat statx faccessat fchmodat fchownat linkat " \
		"utimensat sys_open_tree name_to_handle_at mount file_read_at file_write_at " \
		"file_set_at file_replace_at")
}

function split_into(set, words,    list, n)
{
	n = split(words, list, " ")
	while (n)
		set[list[n--]]
}

# argument(TEXT, N): the N-th of what stands between "(" and ")".
function argument(text, n,    i, depth, c, from)
{
	from = 1
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "(")
			depth++
		if (c == ")" && depth-- == 0)
			break
		if (c == "," && !depth) {
			if (!--n)
				break
			from = i + 1
		}
	}
	text = substr(text, from, i - from)
	gsub(/^[ \t]+|[ \t]+$/, "", text)
	return text
}

function is_constant(text)
{
	return text ~ /^"/ || text ~ /^[A-Z_]+$/ && text !~ /^AT_/
}

function is_open(call, rest)
{
	if (call in by_path)
		return !is_constant(argument(rest, 1))
	if (call in by_name)
		return !is_constant(argument(rest, 2)) && rest !~ /NOFOLLOW/
	return call == "sys_openat2" && !(FILENAME in resolves)
}

function look(statement,    call, before)
{
	while (match(statement, /[a-z_0-9]+\(/)) {
		call = substr(statement, RSTART, RLENGTH - 1)
		before = RSTART > 1 ? substr(statement, RSTART - 1, 1) : " "
		statement = substr(statement, RSTART + RLENGTH)
		if (before !~ /[a-zA-Z_0-9."]/ && is_open(call, statement))
			print FILENAME ":" start ": " call
	}
}

FNR == 1 { statement = "" }
/RESOLVE_/ { resolves[FILENAME] }
/^[ \t]*(\/\*|\*([ \/]|$))/ { next }
{
	gsub(/\/\*.*\*\//, "")
	sub(/[ \t]+$/, "")
	if (statement == "")
		start = FNR
	statement = statement " " $0
	# a statement goes on where its line has not come to an end
	if (/[;{}]$/ || FNR - start >= 12) {
		look(statement)
		statement = ""
	}
}
