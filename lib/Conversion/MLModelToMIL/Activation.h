//===- Activation.h - Activation functions as mil ops -----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CONVERSION_MLMODELTOMIL_ACTIVATION_H
#define MLMODEL_LIB_CONVERSION_MLMODELTOMIL_ACTIVATION_H

#include "LayerRewriter.h"
#include "MLModel/Dialect/MLModel/IR/Message.h"

namespace mlmodel {

/// Applies the function that the message ActivationParams names, but for those
/// with parameters per channel; null for these.
mlir::Value applyActivation(LayerRewriter &b, Message function, mlir::Value x);

} // namespace mlmodel

#endif // MLMODEL_LIB_CONVERSION_MLMODELTOMIL_ACTIVATION_H
