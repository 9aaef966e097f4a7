// SPDX-License-Identifier: Apache-2.0

#ifndef SWARM_CALLOCATIONS_H
#define SWARM_CALLOCATIONS_H

#include <stdint.h>

/// How often the calling thread has asked for memory so far: malloc, calloc, realloc and their likes, by whatever library.
/// Counted by functions that stand in the place of libc's in the program that links this one.
uint64_t callocations_of_thread(void);

#endif
