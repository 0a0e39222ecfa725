//===- NetworkExporter.h - Operations to layers -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_TRANSLATE_NETWORKEXPORTER_H
#define MLMODEL_LIB_TRANSLATE_NETWORKEXPORTER_H

#include "MLModel/Translate/WireFormat.h"
#include "mlir/IR/Block.h"

namespace mlmodel {

/// Encodes the layers of a block as the `layers` of a NeuralNetwork message.
llvm::FailureOr<Rope> exportLayers(mlir::Block &block);

} // namespace mlmodel

#endif // MLMODEL_LIB_TRANSLATE_NETWORKEXPORTER_H
