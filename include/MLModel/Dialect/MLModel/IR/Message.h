//===- Message.h - Parameter messages of a layer ----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Some parameters of layers are messages, kept as dictionaries of their fields.
// A Message reads one with the format's defaults: an absent field, and one of
// another type than expected, is zero, false or empty.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_MESSAGE_H
#define MLMODEL_DIALECT_MLMODEL_IR_MESSAGE_H

#include "mlir/IR/BuiltinAttributes.h"
#include <vector>

namespace mlmodel {
class WeightsAttr;

class Message {
public:
  Message(mlir::Attribute fields = {})
      : fields(llvm::dyn_cast_or_null<mlir::DictionaryAttr>(fields)) {}

  /// Whether the message is there.
  explicit operator bool() const { return fields != nullptr; }
  /// Whether the field is there.
  bool has(llvm::StringRef name) const { return get(name) != nullptr; }

  bool getBool(llvm::StringRef name) const;
  int64_t getInt(llvm::StringRef name) const;
  float getFloat(llvm::StringRef name) const;
  /// A string or the name of an enumerant.
  llvm::StringRef getString(llvm::StringRef name,
                            llvm::StringRef defaultValue) const;
  llvm::ArrayRef<int64_t> getInts(llvm::StringRef name) const;
  WeightsAttr getWeights(llvm::StringRef name) const;
  Message getMessage(llvm::StringRef name) const { return get(name); }
  /// The messages of a repeated field.
  std::vector<Message> getMessages(llvm::StringRef name) const;

private:
  mlir::Attribute get(llvm::StringRef name) const {
    return fields ? fields.get(name) : mlir::Attribute();
  }

  mlir::DictionaryAttr fields;
};

} // namespace mlmodel

#endif // MLMODEL_DIALECT_MLMODEL_IR_MESSAGE_H
