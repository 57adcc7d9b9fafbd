// Server only: commands and queries. Types and schemas safe for the client are in index.ts.
export { addPost } from "./add-post";
export { appealCase } from "./appeal-case";
export { captureLink } from "./capture-link";
export { editPost } from "./edit-post";
export { captureKeysOfText, eraseLinkCapture } from "./erase-capture";
export { eraseVersion } from "./erase-version";
export { changesSince, ownPost, postPage } from "./post-page";
export { renderMarkdown } from "./render-markdown";
export { replyAsParty } from "./reply-as-party";
export { threadOf } from "./thread-of";
export { withdrawPost } from "./withdraw-post";
