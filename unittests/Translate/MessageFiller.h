//===- MessageFiller.h - Messages with something in them ------ -*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_UNITTESTS_TRANSLATE_MESSAGEFILLER_H
#define MLMODEL_UNITTESTS_TRANSLATE_MESSAGEFILLER_H

#include "Model.pb.h"
#include <random>
#include <string>
#include <vector>

namespace mlmodel::test {

/// Fills messages through their descriptors. Networks are made so that they can
/// be imported: a layer reads only blobs that exist.
class MessageFiller {
public:
  using Message = google::protobuf::Message;
  using FieldDescriptor = google::protobuf::FieldDescriptor;

  /// Sets every field, each to a value of its own that is not the default; of
  /// the members of a oneof, and of the encodings of weights, number
  /// \p variant. For layers, not for whole networks.
  static MessageFiller everyField(unsigned variant) {
    MessageFiller filler(0);
    filler.variant = variant;
    filler.isExhaustive = true;
    filler.networkDepth = 1;
    return filler;
  }
  /// Sets fields at random, to ordinary and to awkward values.
  explicit MessageFiller(unsigned seed) : random(seed) {}

  void fill(Message &message) { fillMessage(message, 0); }
  /// A model of the type \p type, a field of the oneof `Type`.
  void fillModel(CoreML::Specification::Model &model,
                 const FieldDescriptor *type);
  /// A layer of the kind \p kind, a field of the oneof `layer`.
  void fillLayer(CoreML::Specification::NeuralNetworkLayer &layer,
                 const FieldDescriptor *kind, unsigned numInputs,
                 unsigned numOutputs);

  /// Blobs that layers may read.
  std::vector<std::string> blobs;
  /// Bodies of control flow write a blob of the network around them.
  bool bodiesOverwrite = false;

private:
  void fillMessage(Message &message, unsigned depth);
  void fillFields(Message &message, unsigned depth);
  void fillField(Message &message, const FieldDescriptor *field,
                 unsigned depth);
  void fillNetwork(Message &network, unsigned depth);
  void fillWeights(CoreML::Specification::WeightParams &weights);
  void addScalar(Message &message, const FieldDescriptor *field);
  void setScalar(Message &message, const FieldDescriptor *field);

  bool chance(double probability);
  unsigned below(unsigned bound) { return random() % bound; }
  double number();
  uint64_t integer();
  std::string text();
  std::string bytes();
  int enumValue(const FieldDescriptor *field);

  std::mt19937 random;
  bool isExhaustive = false;
  unsigned variant = 0;
  unsigned counter = 0;
  /// Random messages do not grow without bound.
  unsigned messagesLeft = 300;
  /// Below the outermost network are bodies of control flow.
  unsigned networkDepth = 0;
};

/// The canonical bytes: fields in ascending order, maps sorted.
std::string serialize(const CoreML::Specification::Model &model);

} // namespace mlmodel::test

#endif // MLMODEL_UNITTESTS_TRANSLATE_MESSAGEFILLER_H
