//===- ModelFile.cpp - A model as a module --------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelFile.h"
#include "MLModel/Translate/Translate.h"

using namespace mlmodel;

llvm::Expected<std::unique_ptr<ModelFile>>
ModelFile::open(llvm::StringRef path) {
  auto model = std::make_unique<ModelFile>();
  if (llvm::Error error = MappedFile::open(path).moveInto(model->file))
    return std::move(error);
  model->module = importModel(&model->context, model->file->bytes(),
                              model->file, model->file->name());
  if (!model->module)
    return model->takeError();
  return model;
}
