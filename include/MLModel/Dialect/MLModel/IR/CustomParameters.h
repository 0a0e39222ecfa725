//===- CustomParameters.h - Parameters of a custom layer --------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_CUSTOMPARAMETERS_H
#define MLMODEL_DIALECT_MLMODEL_IR_CUSTOMPARAMETERS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/SmallVector.h"

namespace mlmodel {

/// The map of a custom layer's parameters: a name, and a float (f64), an
/// integer (i64), a boolean or a string. A value that the file does not set is
/// a unit attribute.
class CustomParameters {
public:
  using Entry = std::pair<llvm::StringRef, mlir::Attribute>;

  /// \p map is the attribute `parameters` of the layer; null is an empty map.
  explicit CustomParameters(mlir::ArrayAttr map);

  /// The value of a parameter; null if there is none of this name.
  mlir::Attribute lookup(llvm::StringRef name) const;

  auto begin() const { return entries.begin(); }
  auto end() const { return entries.end(); }
  bool empty() const { return entries.empty(); }

private:
  llvm::SmallVector<Entry> entries;
};

/// Whether two values are the same number, truth value or string. Null is like
/// nothing.
bool areSameParameter(mlir::Attribute a, mlir::Attribute b);

/// The value for people: strings quoted and with escapes.
std::string describeParameter(mlir::Attribute value);

} // namespace mlmodel

#endif // MLMODEL_DIALECT_MLMODEL_IR_CUSTOMPARAMETERS_H
