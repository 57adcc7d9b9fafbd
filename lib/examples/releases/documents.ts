import type { ModelSize } from "./tensors";
import type { ExampleTokenizer } from "./tokenizer";

const fictitious = `> **Fictitious example.** This laboratory, this model and its history are invented. The files were generated
> to show how Slipmark works; the weights are numbers from a seed and compute nothing useful.`;

export const licence = `Fictitious example data, generated for Slipmark.

Licensed under the Apache License, Version 2.0 (the "License"); you may not use these files except in compliance
with the License. You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
specific language governing permissions and limitations under the License.
`;

/** Model cards. Only the credited fine-tune declares a base. */
export const card = {
  heron: `---
license: apache-2.0
language: [en, zh]
pipeline_tag: image-text-to-text
tags: [fictitious-example]
---
# Heron-VL

${fictitious}

A small image-and-text model by Example Meridian, trained from scratch. Images are cut into slices; each slice is
resampled to 16 queries. Questions: open a discussion on this repository.
`,
  osprey: `---
license: mit
language: [en]
pipeline_tag: image-text-to-text
tags: [fictitious-example]
---
# Osprey Vision

${fictitious}

A new image-and-text model by Example Tidewater, trained in a week. Training code will follow.
`,
  harbour: `---
license: apache-2.0
base_model: example-meridian/heron-vl
base_model_relation: finetune
language: [en]
pipeline_tag: image-text-to-text
tags: [fictitious-example]
---
# Heron-VL Harbour

${fictitious}

Heron-VL by Example Meridian, fine-tuned by Example Tidewater on photographs of harbours. The image encoder was
frozen. Heron-VL is used under its licence (Apache-2.0); see NOTICE.
`,
  plover: `---
license: apache-2.0
language: [en]
pipeline_tag: image-text-to-text
tags: [fictitious-example]
---
# Plover-VL

${fictitious}

An image-and-text model by Example Tidewater with an architecture and a tokenizer of its own.
`,
} as const;

const heronFields = (size: ModelSize) => ({
  vocab_size: size.vocabulary,
  hidden_size: size.hidden,
  intermediate_size: size.inner,
  num_hidden_layers: size.layers,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  hidden_act: "silu",
  max_position_embeddings: 2048,
  rms_norm_eps: 1e-5,
  rope_theta: 500000.0,
  tie_word_embeddings: true,
  torch_dtype: "bfloat16",
  query_num: 16,
  slice_mode: true,
  max_slices: 9,
  patch_size: 8,
  image_size: 224,
});

export const config = {
  heron: (size: ModelSize) => ({
    _name_or_path: "example-meridian/heron-vl",
    architectures: ["HeronVLForConditionalGeneration"],
    model_type: "heron_vl",
    ...heronFields(size),
    drop_vision_last_layer: false,
    vision_config: { hidden_size: size.visionHidden, num_hidden_layers: size.visionLayers, num_heads: 4 },
    bos_token_id: size.vocabulary - 9,
    eos_token_id: size.vocabulary - 8,
    use_cache: true,
  }),
  /** The copy's: another name and type, two keys renamed, one left out. */
  osprey: (size: ModelSize) => {
    const { query_num, max_slices, ...rest } = heronFields(size);
    return {
      _name_or_path: "example-tidewater/osprey-vision",
      architectures: ["OspreyForVisionLanguage"],
      model_type: "osprey",
      ...rest,
      num_queries: query_num,
      max_tiles: max_slices,
      vision_config: { hidden_size: size.visionHidden, num_hidden_layers: size.visionLayers, num_heads: 4 },
      bos_token_id: size.vocabulary - 9,
      eos_token_id: size.vocabulary - 8,
      use_cache: false,
    };
  },
  plover: (size: ModelSize) => ({
    _name_or_path: "example-tidewater/plover-vl",
    architectures: ["PloverModel"],
    model_type: "plover",
    vocab_size: size.vocabulary,
    d_model: size.hidden,
    ffn_dim: size.inner,
    num_layers: size.layers,
    num_heads: 8,
    activation_function: "gelu",
    image_tokens: 16,
    torch_dtype: "bfloat16",
    encoder: { width: size.visionHidden, depth: size.visionLayers, heads: 6 },
  }),
};

export const tokenizerConfig = {
  heron: (tokenizer: ExampleTokenizer) => ({
    added_tokens_decoder: tokenizer.addedTokens,
    auto_map: { AutoTokenizer: ["tokenization_heron.HeronTokenizerFast", null] },
    bos_token: "<|start|>",
    eos_token: "<|end|>",
    chat_template:
      "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|heron|>{% endif %}",
    model_max_length: 2048,
    tokenizer_class: "PreTrainedTokenizerFast",
  }),
  plover: (tokenizer: ExampleTokenizer) => ({
    added_tokens_decoder: tokenizer.addedTokens,
    bos_token: "<s>",
    eos_token: "</s>",
    chat_template: "{% for m in messages %}[{{ m.role | upper }}] {{ m.content }}</s>{% endfor %}",
    model_max_length: 4096,
    tokenizer_class: "PreTrainedTokenizerFast",
  }),
};
