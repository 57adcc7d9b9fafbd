import { z } from "zod";

/** Of a command's input: its author signs the statement with a key of their own; the log waits for that a while. */
export const ownKey = z.boolean().optional();
