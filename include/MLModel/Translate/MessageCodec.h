//===- MessageCodec.h - Messages as attributes ------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One codec for every message of the format. It copies field to attribute and
// back by the field's type, led by the compiled schema's descriptors; the few
// messages with an attribute of their own (weights, border amounts) are told by
// their message type. Nothing in here knows a layer.
//
// An attribute is present exactly where the field is on the wire, so encoding
// what was decoded gives the same bytes whenever the wire was canonical: fields
// in ascending order, numbers packed.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSLATE_MESSAGECODEC_H
#define MLMODEL_TRANSLATE_MESSAGECODEC_H

#include "MLModel/Translate/WireFormat.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/MapVector.h"
#include <deque>
#include <map>
#include <memory>

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
} // namespace google::protobuf

namespace mlmodel {

/// The descriptor of the message CoreML.Specification.\p name.
const google::protobuf::Descriptor *getDescriptor(llvm::StringRef name);

/// Bytes of unknown fields, in their dictionary.
constexpr llvm::StringLiteral kUnknownFields = "unknown fields";

/// What decoding needs to know of the file.
class DecodeContext {
public:
  /// \p owner keeps \p file alive; every resource that views it shares it.
  DecodeContext(mlir::MLIRContext *context, Bytes file,
                std::shared_ptr<const void> owner, mlir::Location fileLoc)
      : context(context), fileLoc(fileLoc), file(file),
        owner(std::move(owner)) {}

  /// An elements attribute of \p type over \p payload: a view if it is large,
  /// inline otherwise. \p name becomes the resource's key.
  mlir::ElementsAttr makeElements(llvm::StringRef name, mlir::Type type,
                                  Bytes payload);
  /// Bytes that live as long as the context: for values that do not lie on the
  /// wire in one piece.
  Bytes keep(std::string bytes);
  /// "at byte 17", where \p bytes begins in the file.
  std::string describeOffset(const uint8_t *position) const;

  mlir::MLIRContext *context;
  mlir::Location fileLoc;
  /// Where in the model decoding is, for messages: "description.input[0]".
  llvm::SmallVector<std::string> path;

private:
  Bytes file;
  std::shared_ptr<const void> owner;
  std::shared_ptr<std::deque<std::string>> kept =
      std::make_shared<std::deque<std::string>>();
};

/// The fields of one message, by number, each with all its occurrences.
class MessageReader {
public:
  MessageReader(DecodeContext &context,
                const google::protobuf::Descriptor *descriptor)
      : context(context), descriptor(descriptor) {}

  /// Splits \p bytes into fields. Reports and fails if they are malformed.
  llvm::LogicalResult read(Bytes bytes);

  /// Removes and returns a field's occurrences; the name must exist.
  llvm::SmallVector<WireField, 1> take(llvm::StringRef field);
  /// As above for string fields, checked to be UTF-8; "" if absent.
  llvm::FailureOr<llvm::StringRef> takeString(llvm::StringRef field);
  llvm::FailureOr<llvm::SmallVector<llvm::StringRef>>
  takeStrings(llvm::StringRef field);
  /// Removes a singular message: its bytes, merged if it occurs repeatedly,
  /// or nothing.
  std::optional<Bytes> takeMessage(llvm::StringRef field);
  /// The field of the oneof \p name that occurs last, if any.
  const google::protobuf::FieldDescriptor *whichOneof(llvm::StringRef name);

  /// Decodes all fields still here into \p attributes; unknown ones go to
  /// \p unknown as they are.
  llvm::LogicalResult decodeRest(mlir::NamedAttrList &attributes);
  llvm::StringRef getUnknown() const { return unknown; }

  /// Reports \p message with file, path and the message type; always fails.
  llvm::LogicalResult fail(const llvm::Twine &message);

private:
  mlir::Attribute decodeField(const google::protobuf::FieldDescriptor *field,
                              llvm::ArrayRef<WireField> occurrences);
  mlir::Attribute decodeNumbers(const google::protobuf::FieldDescriptor *field,
                                llvm::ArrayRef<WireField> occurrences);
  mlir::Attribute decodeStrings(const google::protobuf::FieldDescriptor *field,
                                llvm::ArrayRef<WireField> occurrences);
  mlir::Attribute decodeMessages(const google::protobuf::FieldDescriptor *field,
                                 llvm::ArrayRef<WireField> occurrences);
  mlir::Attribute decodeWeights(Bytes bytes);
  mlir::Attribute decodeQuantization(Bytes bytes);
  mlir::Attribute decodeBorders(Bytes bytes);
  mlir::Attribute decodeFloats(llvm::StringRef name,
                               llvm::ArrayRef<WireField> occurrences);
  Bytes mergeMessages(llvm::ArrayRef<WireField> occurrences);
  bool checkText(llvm::StringRef text, llvm::StringRef field);

  DecodeContext &context;
  const google::protobuf::Descriptor *descriptor;
  llvm::MapVector<uint32_t, llvm::SmallVector<WireField, 1>> fields;
  llvm::StringRef unknown;
};

/// Decodes a whole message to a dictionary; null after an error.
mlir::DictionaryAttr
decodeMessage(DecodeContext &context,
              const google::protobuf::Descriptor *descriptor, Bytes bytes);

/// Collects the fields of one message and writes them in ascending order.
class MessageWriter {
public:
  MessageWriter(const google::protobuf::Descriptor *descriptor,
                mlir::Location loc)
      : descriptor(descriptor), loc(loc) {}

  /// Encodes \p value as the field \p name. Reports an attribute that does not
  /// fit the field.
  llvm::LogicalResult add(llvm::StringRef name, mlir::Attribute value);
  /// Encodes every entry; kUnknownFields is written as it is, at the end.
  llvm::LogicalResult add(llvm::ArrayRef<mlir::NamedAttribute> attributes);
  void addString(llvm::StringRef name, llvm::StringRef value);
  void addMessage(llvm::StringRef name, Rope &&message);
  void addUnknown(llvm::StringRef bytes) { unknown.append(bytes); }

  Rope finish();

private:
  llvm::LogicalResult fail(llvm::StringRef name, mlir::Attribute value);
  llvm::LogicalResult addNumbers(const google::protobuf::FieldDescriptor *field,
                                 mlir::Attribute value);
  llvm::LogicalResult addStrings(const google::protobuf::FieldDescriptor *field,
                                 mlir::Attribute value);
  llvm::LogicalResult
  addMessages(const google::protobuf::FieldDescriptor *field,
              mlir::Attribute value);

  const google::protobuf::Descriptor *descriptor;
  mlir::Location loc;
  std::map<uint32_t, Rope> fields;
  std::string unknown;
};

} // namespace mlmodel

#endif // MLMODEL_TRANSLATE_MESSAGECODEC_H
