# runtime/cli/local.mk - the sub-commands

runtime_libruntime_a_SOURCES += \
	runtime/cli/cli.c runtime/cli/cli.h runtime/cli/commands.h \
	runtime/cli/columns.c runtime/cli/columns.h \
	runtime/cli/create.c \
	runtime/cli/delete.c \
	runtime/cli/events.c \
	runtime/cli/exec.c \
	runtime/cli/features.c \
	runtime/cli/id_pattern.c runtime/cli/id_pattern.h \
	runtime/cli/interval.c runtime/cli/interval.h \
	runtime/cli/kill.c \
	runtime/cli/list.c \
	runtime/cli/mounts.c \
	runtime/cli/network.c \
	runtime/cli/pause.c \
	runtime/cli/process_options.c runtime/cli/process_options.h \
	runtime/cli/ps.c \
	runtime/cli/resume.c \
	runtime/cli/run.c \
	runtime/cli/spec.c \
	runtime/cli/start.c \
	runtime/cli/state.c \
	runtime/cli/top.c \
	runtime/cli/top_cells.c runtime/cli/top_cells.h \
	runtime/cli/top_sample.c runtime/cli/top_sample.h \
	runtime/cli/top_screen.c runtime/cli/top_screen.h \
	runtime/cli/top_table.c runtime/cli/top_table.h \
	runtime/cli/update.c
