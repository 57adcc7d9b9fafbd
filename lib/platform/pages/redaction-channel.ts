/** On which site processes hear that words were taken away, and clean their caches of them. */
export const redactionChannel = "slipmark_redaction";
