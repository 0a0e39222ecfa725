//===- CustomLayer.cpp - Classes of custom layers -------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Runtime/CustomLayer.h"
#include "MLModel/Support/Errors.h"

using namespace mlmodel;
using llvm::Error;
using llvm::StringRef;

CustomLayer::~CustomLayer() = default;

Error CustomLayerRegistry::add(StringRef className, CustomLayerFactory factory,
                               StringRef origin) {
  auto [entry, isNew] =
      classes.try_emplace(className, Class{std::move(factory), origin.str()});
  if (isNew)
    return Error::success();
  return makeError(ExitCode::Usage, "class '" + className + "' of " + origin +
                                        " is registered already, by " +
                                        entry->second.origin);
}

StringRef CustomLayerRegistry::getOrigin(StringRef className) const {
  auto entry = classes.find(className);
  return entry == classes.end() ? StringRef() : entry->second.origin;
}

llvm::Expected<std::unique_ptr<CustomLayer>>
CustomLayerRegistry::create(CustomLayerDefinition definition) const {
  auto entry = classes.find(definition.className);
  if (entry == classes.end())
    return makeError(ExitCode::Unsupported,
                     "class '" + definition.className + "' is not registered");
  llvm::Expected<std::unique_ptr<CustomLayer>> layer =
      entry->second.factory(std::move(definition));
  if (layer && !*layer)
    return makeError(ExitCode::Unsupported, "made no layer");
  return layer;
}
