using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>Sends without end, a chunk each turn, until the client says stop by sending something; then it waits for the client's end.</summary>
internal sealed unsafe class SourceConnection(LoadLoop loop, Descriptor descriptor) : LoadConnection(loop, descriptor)
{
    private bool _stopped;

    internal override bool Turn()
    {
        while (MayRead)
        {
            var count = Receive(Loop.Scratch, LoadLoop.Chunk);
            if (count == 0)
            {
                Loop.Close(this);
                return false;
            }

            if (count < 0)
            {
                break;
            }

            if (!_stopped)
            {
                _stopped = true;
                TcpSocket.ShutdownSend(Socket);
            }
        }

        if (_stopped || !MaySend)
        {
            return false;
        }

        if (Send(Loop.Payload, LoadLoop.Chunk) >= 0)
        {
            return MaySend;
        }

        Loop.Close(this);
        return false;
    }
}
