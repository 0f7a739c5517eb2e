/* commands.h - all sub-commands: each is in the file of its name */
#pragma once
#include "runtime/cli/cli.h"

extern const struct cli_command cli_create, cli_delete, cli_exec, cli_features, cli_kill, cli_list;
extern const struct cli_command cli_ps, cli_run, cli_spec, cli_start, cli_state;
