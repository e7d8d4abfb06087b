using Warp.Lab.Commands;

return await LabCommands.RunAsync(args);
