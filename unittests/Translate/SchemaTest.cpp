//===- SchemaTest.cpp - The compiled schema against the tables ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Every file, message, field and enumeration of the tables is in the compiled
// descriptors, and nothing else is: both are written to the same lines and
// compared as sets.
//
//===----------------------------------------------------------------------===//

#include "Model.pb.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"
#include <google/protobuf/descriptor.pb.h>
#include <set>

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using llvm::StringRef;

namespace {

using Lines = std::set<std::string>;

std::string tablePath(const char *name) {
  return std::string(MLMODEL_SHARED_DIR "/spec/schema/") + name;
}

/// The first \p columns cells of every row of a table, its head left out.
Lines readTable(const char *name, size_t columns) {
  auto buffer = llvm::MemoryBuffer::getFile(tablePath(name));
  Lines lines;
  if (!buffer)
    return lines;
  llvm::SmallVector<StringRef> rows;
  (*buffer)->getBuffer().split(rows, '\n', -1, /*KeepEmpty=*/false);
  for (StringRef row : llvm::drop_begin(rows)) {
    llvm::SmallVector<StringRef> cells;
    row.rtrim('\r').split(cells, '\t');
    cells.resize(columns);
    lines.insert(llvm::join(cells, "\t"));
  }
  return lines;
}

std::string typeName(const FieldDescriptor *field) {
  if (field->is_map()) {
    const Descriptor *entry = field->message_type();
    return "map<" + typeName(entry->FindFieldByNumber(1)) + ", " +
           typeName(entry->FindFieldByNumber(2)) + ">";
  }
  if (field->message_type())
    return field->message_type()->full_name();
  if (field->enum_type())
    return field->enum_type()->full_name();
  return field->type_name();
}

std::string describeField(const FieldDescriptor *field) {
  std::string label = field->is_map()        ? "map"
                      : field->is_repeated() ? "repeated"
                                             : "optional";
  std::string kind = field->message_type() ? "message"
                     : field->enum_type()  ? "enum"
                                           : "";
  const auto *oneof = field->containing_oneof();
  return llvm::join(
      std::vector<std::string>{
          field->file()->name(), field->containing_type()->full_name(),
          field->name(), std::to_string(field->number()), label,
          typeName(field), kind, oneof ? oneof->name() : "",
          field->options().has_packed() ? "packed=true" : ""},
      "\t");
}

void addEnum(const EnumDescriptor *type, Lines &lines) {
  for (int i = 0; i < type->value_count(); ++i)
    lines.insert(type->file()->name() + "\t" + type->full_name() + "\t" +
                 type->value(i)->name() + "\t" +
                 std::to_string(type->value(i)->number()));
}

void addMessage(const Descriptor *type, Lines &fields, Lines &enums) {
  if (type->options().map_entry())
    return;
  // A message without fields is a line without a field.
  if (type->field_count() == 0)
    fields.insert(type->file()->name() + "\t" + type->full_name() +
                  std::string(7, '\t'));
  for (int i = 0; i < type->field_count(); ++i)
    fields.insert(describeField(type->field(i)));
  for (int i = 0; i < type->enum_type_count(); ++i)
    addEnum(type->enum_type(i), enums);
  for (int i = 0; i < type->nested_type_count(); ++i)
    addMessage(type->nested_type(i), fields, enums);
}

/// All files that Model.proto needs, itself included.
void collectFiles(const FileDescriptor *file,
                  std::set<const FileDescriptor *> &files) {
  if (!files.insert(file).second)
    return;
  for (int i = 0; i < file->dependency_count(); ++i)
    collectFiles(file->dependency(i), files);
}

std::set<const FileDescriptor *> allFiles() {
  std::set<const FileDescriptor *> files;
  collectFiles(CoreML::Specification::Model::descriptor()->file(), files);
  return files;
}

/// Fails with what one side has and the other has not.
void expectSame(const Lines &table, const Lines &compiled) {
  for (const std::string &line : table)
    EXPECT_TRUE(compiled.count(line)) << "only in the table: " << line;
  for (const std::string &line : compiled)
    EXPECT_TRUE(table.count(line)) << "only in the schema: " << line;
}

class SchemaTest : public testing::Test {
protected:
  void SetUp() override {
    if (!llvm::sys::fs::exists(tablePath("fields.tsv")))
      GTEST_SKIP() << "no schema tables in " << MLMODEL_SHARED_DIR;
  }
};

TEST_F(SchemaTest, FieldsAgree) {
  Lines fields, enums;
  for (const FileDescriptor *file : allFiles())
    for (int i = 0; i < file->message_type_count(); ++i)
      addMessage(file->message_type(i), fields, enums);
  Lines table = readTable("fields.tsv", 9);
  EXPECT_GT(table.size(), 1000u);
  expectSame(table, fields);
}

TEST_F(SchemaTest, EnumerationsAgree) {
  Lines fields, enums;
  for (const FileDescriptor *file : allFiles()) {
    for (int i = 0; i < file->enum_type_count(); ++i)
      addEnum(file->enum_type(i), enums);
    for (int i = 0; i < file->message_type_count(); ++i)
      addMessage(file->message_type(i), fields, enums);
  }
  Lines table = readTable("enums.tsv", 4);
  EXPECT_GT(table.size(), 100u);
  expectSame(table, enums);
}

TEST_F(SchemaTest, FilesAgree) {
  Lines compiled;
  for (const FileDescriptor *file : allFiles()) {
    bool isProto3 = file->syntax() == FileDescriptor::SYNTAX_PROTO3;
    compiled.insert(file->name() + "\t" + (isProto3 ? "proto3" : "proto2") +
                    "\t" + file->package());
  }
  expectSame(readTable("files.tsv", 3), compiled);
}

} // namespace
