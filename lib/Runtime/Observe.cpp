//===- Observe.cpp - What layers write ------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Observe.h"

using namespace mlir;
using namespace mlmodel;

std::vector<LayerBlob>
mlmodel::exposeBlobs(NetworkOp network,
                     llvm::function_ref<bool(StringRef)> select) {
  std::vector<LayerBlob> blobs;
  Block &body = network.getBody().front();
  SmallVector<Value> values(body.getTerminator()->getOperands());
  SmallVector<Attribute> names(network.getOutputNames().getValue());
  for (auto layer : body.getOps<LayerOpInterface>()) {
    StringRef name = layer.getLayer().getName().getValue();
    if (!select(name))
      continue;
    for (auto [value, blob] :
         llvm::zip(layer->getResults(), getResultNames(layer))) {
      values.push_back(value);
      names.push_back(blob);
      blobs.push_back(
          {name.str(), layer.getLayerField().str(), blob.str(), {}});
    }
  }
  body.getTerminator()->setOperands(values);
  network.setOutputNamesAttr(ArrayAttr::get(network.getContext(), names));
  return blobs;
}
