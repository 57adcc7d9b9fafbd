import { suitePairs, tableTests } from "./table-tests";

tableTests(suitePairs, 1, 2);
