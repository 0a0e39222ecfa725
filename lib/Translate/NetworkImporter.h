//===- NetworkImporter.h - Layers to operations -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_TRANSLATE_NETWORKIMPORTER_H
#define MLMODEL_LIB_TRANSLATE_NETWORKIMPORTER_H

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Translate/MessageCodec.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace mlmodel {

/// The registered layer operations by their field of the `layer` oneof.
class LayerTable {
public:
  explicit LayerTable(mlir::MLIRContext *context);
  std::optional<mlir::RegisteredOperationName>
  find(llvm::StringRef field) const;
  llvm::ArrayRef<std::pair<llvm::StringRef, mlir::RegisteredOperationName>>
  all() const {
    return layers;
  }

private:
  llvm::SmallVector<std::pair<llvm::StringRef, mlir::RegisteredOperationName>>
      layers;
  llvm::StringMap<mlir::RegisteredOperationName> byField;
};

/// The attribute that holds the field \p name of a layer's parameters: the same
/// name but for `type`, which would hide Operation::getType.
llvm::StringRef attributeForField(llvm::StringRef name);
llvm::StringRef fieldForAttribute(llvm::StringRef name);

/// Blob names in scope. Bodies of branch and loop see the names around them;
/// what they write stays theirs until the control-flow layer returns it.
class BlobScope {
public:
  explicit BlobScope(const BlobScope *outer = nullptr) : outer(outer) {}
  mlir::Value lookup(llvm::StringRef name) const;
  bool defines(llvm::StringRef name) const { return blobs.contains(name); }
  void set(llvm::StringRef name, mlir::Value value) { blobs[name] = value; }

private:
  const BlobScope *outer;
  llvm::StringMap<mlir::Value> blobs;
};

/// Imports the layers of a network into a block, in the file's order.
class NetworkImporter {
public:
  NetworkImporter(DecodeContext &context, const LayerTable &table)
      : context(context), table(table), builder(context.context) {}

  /// Appends one operation per layer. \p isTopLevel: no blob may be written
  /// twice.
  llvm::LogicalResult importLayers(mlir::Block *block,
                                   llvm::ArrayRef<WireField> layers,
                                   BlobScope &scope, bool isTopLevel);

private:
  struct Layer;
  llvm::LogicalResult importLayer(Bytes bytes, BlobScope &scope,
                                  bool isTopLevel);
  llvm::LogicalResult readIdentity(MessageReader &reader, Layer &layer);
  llvm::LogicalResult resolveInputs(Layer &layer, const BlobScope &scope);
  void addCarriedOperands(Layer &layer, const BlobScope &scope);
  llvm::LogicalResult importParameters(Layer &layer, Bytes bytes,
                                       BlobScope &scope);
  llvm::LogicalResult importBodies(Layer &layer, MessageReader &params,
                                   BlobScope &scope);
  llvm::LogicalResult importBody(Layer &layer, mlir::Region &region,
                                 Bytes bytes, const BlobScope &outer,
                                 llvm::ArrayRef<llvm::StringRef> carried,
                                 bool isLoop, BlobScope &inner);
  llvm::LogicalResult collectWritten(Bytes network,
                                     llvm::SetVector<llvm::StringRef> &names,
                                     unsigned depth);
  llvm::LogicalResult defineOutputs(Layer &layer, mlir::Operation *op,
                                    BlobScope &scope, bool isTopLevel);
  llvm::LogicalResult fail(const Layer &layer, const llvm::Twine &message,
                           ErrorClass errorClass = ErrorClass::Invalid);

  DecodeContext &context;
  const LayerTable &table;
  mlir::OpBuilder builder;
  /// What each loop around the current layer carries.
  llvm::SmallVector<llvm::ArrayRef<llvm::StringRef>> loops;
  /// What the condition networks of these loops write.
  llvm::StringSet<> conditionBlobs;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_TRANSLATE_NETWORKIMPORTER_H
