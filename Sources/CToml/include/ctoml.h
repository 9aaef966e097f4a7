// SPDX-License-Identifier: Apache-2.0
//
// TOML 1.0 documents as a tree of plain nodes, each with the line and column where it stands. No exception crosses this
// border. Strings are UTF-8, not terminated, and live as long as their document.

#ifndef CTOML_H
#define CTOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ctoml_kind {
    CTOML_STRING = 1,
    CTOML_INTEGER = 2,
    CTOML_FLOAT = 3,
    CTOML_BOOLEAN = 4,
    /// A date, a time, or both: their value is not offered, only where they stand.
    CTOML_DATE = 5,
    CTOML_ARRAY = 6,
    CTOML_TABLE = 7,
} ctoml_kind;

typedef struct ctoml_text {
    const char *bytes;
    size_t length;
} ctoml_text;

typedef struct ctoml_position {
    /// From 1; columns count characters.
    uint32_t line;
    uint32_t column;
} ctoml_position;

typedef struct ctoml_document ctoml_document;
typedef struct ctoml_node ctoml_node;

/// Parses `length` bytes. Returns a document to be freed with ctoml_free, or NULL, with the first fault in `position`
/// and in `message`, a buffer of `message_capacity` bytes that is always terminated.
ctoml_document *ctoml_parse(const char *text, size_t length, ctoml_position *position, char *message,
                            size_t message_capacity);
void ctoml_free(ctoml_document *document);

/// The table that the whole document is.
const ctoml_node *ctoml_root(const ctoml_document *document);

ctoml_kind ctoml_node_kind(const ctoml_node *node);
/// Where the value begins.
ctoml_position ctoml_node_position(const ctoml_node *node);
/// The key of a table's child, empty for others, and where it stands.
ctoml_text ctoml_node_key(const ctoml_node *node);
ctoml_position ctoml_node_key_position(const ctoml_node *node);

/// The values; each is 0, false or empty for a node of another kind.
ctoml_text ctoml_node_string(const ctoml_node *node);
int64_t ctoml_node_integer(const ctoml_node *node);
double ctoml_node_float(const ctoml_node *node);
bool ctoml_node_boolean(const ctoml_node *node);

/// Children of an array or a table, in the order of the text; NULL past the end.
size_t ctoml_node_count(const ctoml_node *node);
const ctoml_node *ctoml_node_child(const ctoml_node *node, size_t index);

#ifdef __cplusplus
}
#endif

#endif
