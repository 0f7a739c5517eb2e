/* commands.h - all sub-commands: each is in the file of its name */
#pragma once
#include "runtime/cli/cli.h"

extern const struct cli_command cli_create, cli_delete, cli_exec, cli_features, cli_kill, cli_list;
extern const struct cli_command cli_pause, cli_ps, cli_resume, cli_run, cli_spec, cli_start;
extern const struct cli_command cli_state, cli_update;
