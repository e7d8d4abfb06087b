using Warp.Node.Cli;

return await CommandLine.RunAsync(args, new CommandOutput(Console.Out, Console.Error, Console.IsOutputRedirected) { Streams = StandardStreams.OfProcess });
