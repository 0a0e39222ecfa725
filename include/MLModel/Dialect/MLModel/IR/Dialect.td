//===- Dialect.td --------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The mlmodel dialect: what a .mlmodel file says, and nothing else.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_DIALECT_TD
#define MLMODEL_DIALECT_MLMODEL_IR_DIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def MLModel_Dialect : Dialect {
  let name = "mlmodel";
  let cppNamespace = "::mlmodel";
  let summary = "Core ML model files, one operation per layer";
  let description = [{
    A faithful picture of a `.mlmodel` file. Every layer of the NeuralNetwork
    format is one operation; its attributes carry the names of the format's
    fields, with `type` spelled `kind`. An attribute is present exactly where
    the file holds the field, so that an untouched model is written back byte
    for byte; an absent attribute means the format's default (zero, false,
    empty, or the first enumerant).

    Blobs are tensors of `f32`. Right after import their shapes are unknown;
    `mlmodel-infer-shapes` fills them in. Layer and blob names are kept in the
    `layer` attribute and in the locations.
  }];
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    void registerAttributes();
    void registerBytecode();
    /// Registers the layers of one chapter; called by the chapter's own file,
    /// so that no file needs the definitions of all of them.
    template <typename... Ops> void addLayers() { addOperations<Ops...>(); }
  }];
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_DIALECT_TD
