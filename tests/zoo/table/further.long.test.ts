import { furtherPairs, tableTests } from "./table-tests";

// The pairs of the table that `npm test` leaves out.
tableTests(furtherPairs, 0, 1);
