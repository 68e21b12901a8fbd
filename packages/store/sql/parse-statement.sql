SELECT formatQuerySingleLine({statement:String}) AS statement
