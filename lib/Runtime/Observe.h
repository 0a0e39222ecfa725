//===- Observe.h - What layers write ----------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_OBSERVE_H
#define MLMODEL_LIB_RUNTIME_OBSERVE_H

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Runtime/Model.h"

namespace mlmodel {

/// Makes what the layers that \p select chooses by name write outputs of
/// \p network, after those that it has. Tells which they are, without values.
/// Layers inside branches and loops are no blobs of the network.
std::vector<LayerBlob>
exposeBlobs(NetworkOp network,
            llvm::function_ref<bool(llvm::StringRef)> select);

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_OBSERVE_H
