using System.Numerics;

namespace Warp.Bench.Load;

/// <summary>Counts times in 128 linear steps for each power of two: a percentile is exact within 0.8 %, and adding allocates nothing.</summary>
internal sealed class LatencyHistogram
{
    private const int Steps = 128;
    private const int StepBits = 7;
    private readonly long[] _buckets = new long[64 * Steps];

    internal long Count { get; private set; }

    internal void Add(long nanoseconds)
    {
        _buckets[Index(Math.Max(nanoseconds, 0))]++;
        Count++;
    }

    /// <summary>The time in microseconds below which this share of all lies; 0 when there is none.</summary>
    internal double Microseconds(double share)
    {
        var wanted = Math.Min((long)(share * Count), Count - 1);
        long seen = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen > wanted)
            {
                return Count == 0 ? 0 : Middle(i) / 1e3;
            }
        }

        return 0;
    }

    private static int Index(long value)
    {
        if (value < Steps)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - StepBits;
        return ((shift + 1) * Steps) + (int)((value >> shift) - Steps);
    }

    private static double Middle(int index)
    {
        if (index < Steps)
        {
            return index;
        }

        var shift = (index / Steps) - 1;
        return (((long)(index % Steps) + Steps) << shift) + ((1L << shift) / 2);
    }
}
