// SPDX-License-Identifier: Apache-2.0

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "ctoml.h"

#include <algorithm>
#include <cstdio>
#include <new>
#include <string>
#include <string_view>
#include <vector>

struct ctoml_node {
    ctoml_kind kind = CTOML_TABLE;
    ctoml_position position{};
    std::string key;
    ctoml_position key_position{};
    std::string text;
    int64_t integer = 0;
    double real = 0;
    bool boolean = false;
    std::vector<ctoml_node> children;
};

struct ctoml_document {
    ctoml_node root;
};

namespace {

ctoml_position where(const toml::source_region &region) {
    return {static_cast<uint32_t>(region.begin.line), static_cast<uint32_t>(region.begin.column)};
}

bool stands_before(const ctoml_node &left, const ctoml_node &right) {
    if (left.key_position.line != right.key_position.line) return left.key_position.line < right.key_position.line;
    return left.key_position.column < right.key_position.column;
}

// Depth is bounded by the parser, which refuses more than TOML_MAX_NESTED_VALUES levels.
ctoml_node converted(const toml::node &source) {
    ctoml_node node;
    node.position = where(source.source());
    if (const auto *table = source.as_table()) {
        node.kind = CTOML_TABLE;
        for (const auto &entry : *table) {
            ctoml_node child = converted(entry.second);
            child.key = std::string(entry.first.str());
            child.key_position = where(entry.first.source());
            node.children.push_back(std::move(child));
        }
        std::stable_sort(node.children.begin(), node.children.end(), stands_before);
    } else if (const auto *array = source.as_array()) {
        node.kind = CTOML_ARRAY;
        for (const auto &element : *array) node.children.push_back(converted(element));
    } else if (const auto *string = source.as_string()) {
        node.kind = CTOML_STRING;
        node.text = string->get();
    } else if (const auto *integer = source.as_integer()) {
        node.kind = CTOML_INTEGER;
        node.integer = integer->get();
    } else if (const auto *real = source.as_floating_point()) {
        node.kind = CTOML_FLOAT;
        node.real = real->get();
    } else if (const auto *boolean = source.as_boolean()) {
        node.kind = CTOML_BOOLEAN;
        node.boolean = boolean->get();
    } else {
        node.kind = CTOML_DATE;
    }
    return node;
}

}  // namespace

extern "C" {

ctoml_document *ctoml_parse(const char *text, size_t length, ctoml_position *position, char *message,
                            size_t message_capacity) {
    try {
        toml::parse_result result = toml::parse(std::string_view(text, length));
        if (result) return new ctoml_document{converted(result.table())};
        const toml::parse_error &fault = result.error();
        *position = where(fault.source());
        std::string_view words = fault.description();
        std::snprintf(message, message_capacity, "%.*s", static_cast<int>(words.size()), words.data());
    } catch (...) {
        *position = {1, 1};
        std::snprintf(message, message_capacity, "not enough memory to read it");
    }
    return nullptr;
}

void ctoml_free(ctoml_document *document) { delete document; }

const ctoml_node *ctoml_root(const ctoml_document *document) { return &document->root; }

ctoml_kind ctoml_node_kind(const ctoml_node *node) { return node->kind; }
ctoml_position ctoml_node_position(const ctoml_node *node) { return node->position; }
ctoml_text ctoml_node_key(const ctoml_node *node) { return {node->key.data(), node->key.size()}; }
ctoml_position ctoml_node_key_position(const ctoml_node *node) { return node->key_position; }
ctoml_text ctoml_node_string(const ctoml_node *node) { return {node->text.data(), node->text.size()}; }
int64_t ctoml_node_integer(const ctoml_node *node) { return node->integer; }
double ctoml_node_float(const ctoml_node *node) { return node->real; }
bool ctoml_node_boolean(const ctoml_node *node) { return node->boolean; }
size_t ctoml_node_count(const ctoml_node *node) { return node->children.size(); }

const ctoml_node *ctoml_node_child(const ctoml_node *node, size_t index) {
    return index < node->children.size() ? &node->children[index] : nullptr;
}

}
