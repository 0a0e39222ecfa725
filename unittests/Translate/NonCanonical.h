//===- NonCanonical.h - The same message, written unusually --- -*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_UNITTESTS_TRANSLATE_NONCANONICAL_H
#define MLMODEL_UNITTESTS_TRANSLATE_NONCANONICAL_H

#include <google/protobuf/descriptor.h>
#include <random>
#include <string>

namespace mlmodel::test {

/// Writes \p message anew in one of the ways that protobuf allows and no usual
/// writer takes: fields out of order, explicit defaults, lists unpacked or cut,
/// singular fields twice, numbers padded with zeros, unknown fields and groups.
std::string makeNonCanonical(const std::string &message,
                             const google::protobuf::Descriptor *type,
                             std::mt19937 &random);

} // namespace mlmodel::test

#endif // MLMODEL_UNITTESTS_TRANSLATE_NONCANONICAL_H
