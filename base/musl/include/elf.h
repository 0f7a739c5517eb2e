/* elf.h - musl's, with the machines that are younger */
#pragma once
#include_next <elf.h>

#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif
